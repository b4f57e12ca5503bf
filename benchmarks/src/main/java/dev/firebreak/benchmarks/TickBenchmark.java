package dev.firebreak.benchmarks;

import dev.firebreak.cascade.CascadeDetector;
import dev.firebreak.cascade.Finding;
import dev.firebreak.probe.Reading;
import dev.firebreak.probe.Reading.Sample;
import dev.firebreak.probe.SeriesIndex;
import dev.firebreak.probes.prometheus.TickOfPrometheus;
import java.util.Arrays;
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

/**
 * From Prometheus' answers to the decision, on one thread: the bytes of all answers are there, as
 * after the last of them came.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(
    value = 1,
    jvmArgsAppend = {"-XX:+UseSerialGC", "-Xmx3g"})
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 2)
public class TickBenchmark {
  private static final int BASELINE = 60;

  @Param({"10000", "100000", "1000000"})
  private int series = 10_000;

  private ManySeries many = new ManySeries(5);
  private CascadeDetector detector = many.detector();
  private TickOfPrometheus tick = many.tick(0);
  private SeriesIndex index = new SeriesIndex(List.of());
  private int ticks;

  /** A watch that is under way. */
  @Setup(Level.Trial)
  public void inject() {
    many = new ManySeries(series);
    detector = many.detector();
    many.teach(detector, BASELINE);
    detector.injected(ManySeries.at(0));
    tick = many.tick(0);
    index = new SeriesIndex(many.series());
    ticks = 0;
    System.out.printf("%n%d series, %.2f MB of answers%n", series, tick.size() / 1e6);
  }

  /** The answers are parsed and nothing else. */
  @Benchmark
  public int parse() throws Exception {
    return tick.parse();
  }

  /** The answers are parsed, looked through for evidence, and judged. */
  @Benchmark
  public List<Finding> decide() throws Exception {
    Reading reading = tick.read();
    double[] values = new double[many.count()];
    Arrays.fill(values, Double.NaN);
    int position = 0;
    for (Sample sample : reading.samples()) {
      int place = index.find(position++, sample.series());
      if (place != SeriesIndex.NONE) {
        values[place] = sample.value();
      }
    }
    ticks++;
    return detector.judge(ManySeries.at(ticks), values);
  }
}
