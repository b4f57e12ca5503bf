package dev.firebreak.benchmarks;

import dev.firebreak.cascade.CascadeDetector;
import dev.firebreak.cascade.Finding;
import java.util.List;
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

/** The time of one tick of all series: divide the number of series by it for samples a second. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(
    value = 1,
    jvmArgsAppend = {"-XX:+UseSerialGC", "-Xmx3g"})
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class JudgeBenchmark {
  private static final int BASELINE = 60;

  @Param({"1000", "100000", "1000000"})
  private int series = 1000;

  private ManySeries many = new ManySeries(5);
  private CascadeDetector detector = many.detector();
  private int tick;

  /** A watch that is under way. */
  @Setup(Level.Iteration)
  public void inject() {
    if (many.count() != series) {
      many = new ManySeries(series);
    }
    detector = many.detector();
    many.teach(detector, BASELINE);
    detector.injected(ManySeries.at(0));
    tick = 0;
  }

  /** Nothing is wrong: what a watch mostly does. */
  @Benchmark
  public List<Finding> calm() {
    tick++;
    return detector.judge(ManySeries.at(tick), many.calm(tick));
  }

  /** Three of five series of every service are far off, and stay so. */
  @Benchmark
  public List<Finding> allServicesDegraded() {
    tick++;
    return detector.judge(ManySeries.at(tick), many.bad(tick));
  }
}
