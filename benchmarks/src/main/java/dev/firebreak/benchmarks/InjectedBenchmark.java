package dev.firebreak.benchmarks;

import dev.firebreak.cascade.CascadeDetector;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The time that freezing all baselines takes, on the thread of the run. */
@State(Scope.Thread)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(
    value = 1,
    jvmArgsAppend = {"-XX:+UseSerialGC", "-Xmx3g"})
@Warmup(iterations = 5)
@Measurement(iterations = 5)
public class InjectedBenchmark {
  @Param({"1000", "10000", "100000"})
  private int series = 1000;

  @Param({"20", "120"})
  private int baseline = 20;

  private ManySeries many = new ManySeries(5);
  private CascadeDetector detector = many.detector();

  /** A watch that has seen its baseline. */
  @Setup(Level.Iteration)
  public void learn() {
    if (many.count() != series) {
      many = new ManySeries(series);
    }
    detector = many.detector();
    many.teach(detector, baseline);
  }

  /** Freezes. */
  @Benchmark
  public CascadeDetector injected() {
    detector.injected(ManySeries.at(0));
    return detector;
  }
}
