package dev.firebreak.cascade;

import dev.firebreak.experiment.BlastRadius;
import dev.firebreak.experiment.ExpectedBound;
import dev.firebreak.experiment.SmallestEffect;
import dev.firebreak.probe.SeriesId;
import dev.firebreak.probe.Signal;
import dev.firebreak.probe.Signal.Kind;
import dev.firebreak.service.CallGraph;
import dev.firebreak.service.CallGraph.Edge;
import dev.firebreak.service.ServiceName;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.Set;

/**
 * The example shop as a detector sees it: every second, latency over a few seconds with a wobble
 * that is alike from sample to sample. The fault is in payments.
 */
final class Shop {
  static final Signal P95 = new Signal("http.latency.p95", Kind.LATENCY);
  static final Signal ERRORS = new Signal("http.error-ratio", Kind.ERROR_RATIO);
  static final Signal RATE = new Signal("http.rate", Kind.TRAFFIC);
  static final Signal UP = new Signal("up", Kind.AVAILABILITY);
  static final Signal CPU = new Signal("process.cpu", Kind.RESOURCE);

  private static final List<Signal> SIGNALS = List.of(P95, ERRORS, RATE, UP, CPU);
  private static final List<ServiceName> SERVICES =
      List.of(
          ServiceName.of("catalog"),
          ServiceName.of("checkout"),
          ServiceName.of("gateway"),
          ServiceName.of("inventory"),
          ServiceName.of("payments"),
          ServiceName.of("recommendations"));

  private final Random random = new Random(42);
  private final List<SeriesId> series = new ArrayList<>();
  private final double[] level;
  private double[] usual;
  private final double[] wobble;
  private final CascadeDetector detector;
  private Instant now = Instant.parse("2026-11-24T09:00:00Z");
  private final List<Finding> news = new ArrayList<>();

  Shop(BlastRadius radius) {
    this(radius, callGraph(), CascadeDetectors.online());
  }

  Shop(BlastRadius radius, CallGraph graph, CascadeDetectorFactory detectors) {
    for (ServiceName service : SERVICES) {
      for (Signal signal : SIGNALS) {
        series.add(new SeriesId(service, signal));
      }
    }
    usual = new double[series.size()];
    for (int i = 0; i < usual.length; i++) {
      usual[i] = usual(series.get(i).signal());
    }
    level = usual.clone();
    wobble = new double[series.size()];
    detector =
        detectors.create(
            new Watch(
                series,
                Optional.of(radius),
                graph,
                SmallestEffect.DEFAULT,
                Duration.ofSeconds(1),
                Duration.ofMinutes(1)));
  }

  private static double usual(Signal signal) {
    return switch (signal.kind()) {
      case LATENCY -> 0.05;
      case TRAFFIC -> 40;
      case AVAILABILITY -> 1;
      case RESOURCE -> 0.2;
      case ERROR_RATIO, SUCCESS_RATIO, SATURATION -> 0;
    };
  }

  static BlastRadius payments() {
    return BlastRadius.of(ServiceName.of("payments"));
  }

  /** Only payments may fail, and checkout may take up to so many times as long. */
  static BlastRadius paymentsExpecting(String service, double latencyFactor) {
    return new BlastRadius(
        Set.of(ServiceName.of("payments")),
        Map.of(
            ServiceName.of(service),
            new ExpectedBound(OptionalDouble.of(latencyFactor), OptionalDouble.empty())),
        Optional.empty());
  }

  static CallGraph callGraph() {
    return new CallGraph(
        Set.of(
            edge("gateway", "catalog"),
            edge("gateway", "checkout"),
            edge("gateway", "recommendations"),
            edge("catalog", "inventory"),
            edge("checkout", "inventory"),
            edge("checkout", "payments")));
  }

  private static Edge edge(String caller, String callee) {
    return new Edge(ServiceName.of(caller), ServiceName.of(callee));
  }

  /** Baseline of 20 s, then the fault. */
  Shop learnAndInject() {
    return learn(20).inject();
  }

  Shop learn(int seconds) {
    for (int i = 0; i < seconds; i++) {
      detector.learn(now, vector());
      now = now.plusSeconds(1);
    }
    return this;
  }

  Shop inject() {
    detector.injected(now);
    return this;
  }

  /** From now on a signal of a service is so many times what is usual. */
  Shop times(String service, Signal signal, double factor) {
    int i = index(service, signal);
    level[i] = usual[i] * factor;
    return this;
  }

  /** From now on a signal of a service has this value. */
  Shop at(String service, Signal signal, double value) {
    level[index(service, signal)] = value;
    return this;
  }

  /** Nothing is ever told of a service. */
  Shop withoutData(String service) {
    SIGNALS.forEach(signal -> at(service, signal, Double.NaN));
    return this;
  }

  Shop backToUsual() {
    System.arraycopy(usual, 0, level, 0, usual.length);
    return this;
  }

  Shop judge(int seconds) {
    for (int i = 0; i < seconds; i++) {
      news.addAll(detector.judge(now, vector()));
      now = now.plusSeconds(1);
    }
    return this;
  }

  /** Seconds until the detector would halt, at most {@code most}; -1 if it does not. */
  int secondsToHalt(int most) {
    for (int i = 1; i <= most; i++) {
      judge(1);
      if (detector.escaped()) {
        return i;
      }
    }
    return -1;
  }

  CascadeDetector detector() {
    return detector;
  }

  List<Finding> news() {
    return news;
  }

  Instant now() {
    return now;
  }

  Finding finding(String service) {
    return detector.findings().stream()
        .filter(finding -> finding.service().equals(ServiceName.of(service)))
        .findFirst()
        .orElseThrow(() -> new NoSuchElementException(service + ": " + detector.findings()));
  }

  private int index(String service, Signal signal) {
    return series.indexOf(new SeriesId(ServiceName.of(service), signal));
  }

  private double[] vector() {
    double[] values = new double[series.size()];
    Arrays.setAll(
        values,
        i -> {
          // Half of what the sliding window holds is still there a second later.
          wobble[i] = wobble[i] / 2 + 0.04 * random.nextGaussian();
          Kind kind = series.get(i).signal().kind();
          boolean wobbles = kind == Kind.LATENCY || kind == Kind.TRAFFIC;
          return wobbles ? level[i] * Math.exp(wobble[i]) : level[i];
        });
    return values;
  }
}
