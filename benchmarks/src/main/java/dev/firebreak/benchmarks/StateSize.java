package dev.firebreak.benchmarks;

import dev.firebreak.cascade.CascadeDetector;
import java.io.PrintStream;

/** How much memory a watch takes for each series, as the heap grows by it. */
public final class StateSize {
  private static final int SERIES = 200_000;
  private static final int BASELINE = 20;
  private static final int COLLECTIONS = 4;

  private StateSize() {}

  /** Prints bytes per series, names of the series left out, in the baseline and afterwards. */
  public static void main(String[] args) {
    ManySeries many = new ManySeries(SERIES);
    // What is loaded and compiled once is no state of a watch.
    watched(many);
    long before = used();
    CascadeDetector detector = many.detector();
    long made = used();
    many.teach(detector, BASELINE);
    long taught = used();
    detector.injected(ManySeries.at(0));
    detector.judge(ManySeries.at(1), many.calm(1));
    long frozen = used();
    tell(System.out, "made", made - before);
    tell(System.out, "baseline of " + BASELINE + " samples", taught - before);
    tell(System.out, "after the injection", frozen - before);
    detector.judge(ManySeries.at(2), many.calm(2));
  }

  private static void watched(ManySeries many) {
    CascadeDetector detector = many.detector();
    many.teach(detector, BASELINE);
    detector.injected(ManySeries.at(0));
    detector.judge(ManySeries.at(1), many.calm(1));
  }

  private static void tell(PrintStream out, String when, long bytes) {
    out.printf("%s: %.1f bytes per series%n", when, (double) bytes / SERIES);
  }

  private static long used() {
    Runtime runtime = Runtime.getRuntime();
    for (int i = 0; i < COLLECTIONS; i++) {
      System.gc();
    }
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
