package dev.firebreak.benchmarks;

import dev.firebreak.cascade.CascadeDetector;
import dev.firebreak.cascade.CascadeDetectors;
import dev.firebreak.cascade.Watch;
import dev.firebreak.experiment.BlastRadius;
import dev.firebreak.experiment.SmallestEffect;
import dev.firebreak.probe.SeriesId;
import dev.firebreak.probe.Signal;
import dev.firebreak.probe.Signal.Kind;
import dev.firebreak.probes.prometheus.TickOfPrometheus;
import dev.firebreak.service.CallGraph;
import dev.firebreak.service.ServiceName;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** A made-up system of any size: services with three latencies, errors and traffic each. */
final class ManySeries {
  private static final Instant START = Instant.ofEpochSecond(1_700_000_000);
  private static final Duration STEP = Duration.ofSeconds(5);
  private static final List<Signal> SIGNALS =
      List.of(
          new Signal("http.latency.p50", Kind.LATENCY),
          new Signal("http.latency.p95", Kind.LATENCY),
          new Signal("http.latency.p99", Kind.LATENCY),
          new Signal("http.error-ratio", Kind.ERROR_RATIO),
          new Signal("http.rate", Kind.TRAFFIC));

  private static final int VECTORS = 16;

  private final List<SeriesId> series = new ArrayList<>();
  private final double[][] calm = new double[VECTORS][];
  private final double[][] bad = new double[VECTORS][];

  /** At least five series. */
  ManySeries(int count) {
    for (int i = 0; i < count; i++) {
      ServiceName service = ServiceName.of("service-" + i / SIGNALS.size());
      series.add(new SeriesId(service, SIGNALS.get(i % SIGNALS.size())));
    }
    Random random = new Random(1);
    for (int k = 0; k < VECTORS; k++) {
      calm[k] = new double[count];
      bad[k] = new double[count];
      for (int i = 0; i < count; i++) {
        calm[k][i] =
            switch (series.get(i).signal().kind()) {
              case LATENCY -> 0.1 * Math.exp(0.1 * random.nextGaussian());
              case ERROR_RATIO -> 0.001 * random.nextDouble();
              case TRAFFIC -> 100 + 10 * random.nextGaussian();
              case SUCCESS_RATIO, SATURATION, AVAILABILITY, RESOURCE -> 1;
            };
        boolean degraded = series.get(i).signal().kind() == Kind.LATENCY;
        bad[k][i] = degraded ? 4 * calm[k][i] : calm[k][i];
      }
    }
  }

  /** A detector that has not seen anything. */
  CascadeDetector detector() {
    return CascadeDetectors.online()
        .create(
            new Watch(
                series,
                Optional.of(BlastRadius.of(ServiceName.of("service-0"))),
                CallGraph.empty(),
                SmallestEffect.DEFAULT,
                STEP,
                Duration.ofMinutes(10)));
  }

  /** Tells a detector of the time before the injection. */
  void teach(CascadeDetector detector, int vectors) {
    for (int k = 0; k < vectors; k++) {
      detector.learn(at(k - vectors), calm(k));
    }
  }

  static Instant at(int tick) {
    return START.plus(STEP.multipliedBy(tick));
  }

  double[] calm(int tick) {
    return calm[Math.floorMod(tick, VECTORS)];
  }

  /** The same with every latency four times as high. */
  double[] bad(int tick) {
    return bad[Math.floorMod(tick, VECTORS)];
  }

  /** What a Prometheus would answer at a tick in which all is calm. */
  TickOfPrometheus tick(int tick) {
    TickOfPrometheus answers = new TickOfPrometheus(at(tick), count() / SIGNALS.size());
    double[] values = calm(tick);
    for (int k = 0; k < SIGNALS.size(); k++) {
      int signal = k;
      answers.with(SIGNALS.get(k), service -> values[service * SIGNALS.size() + signal]);
    }
    return answers;
  }

  List<SeriesId> series() {
    return Collections.unmodifiableList(series);
  }

  int count() {
    return series.size();
  }
}
