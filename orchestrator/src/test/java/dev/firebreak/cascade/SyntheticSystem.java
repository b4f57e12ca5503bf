package dev.firebreak.cascade;

import dev.firebreak.experiment.BlastRadius;
import dev.firebreak.experiment.SmallestEffect;
import dev.firebreak.probe.SeriesId;
import dev.firebreak.probe.Signal;
import dev.firebreak.probe.Signal.Kind;
import dev.firebreak.service.CallGraph;
import dev.firebreak.service.CallGraph.Edge;
import dev.firebreak.service.ServiceName;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/**
 * Services whose single requests are drawn and then measured as monitoring does: histograms with
 * few buckets, quantiles and rates over a sliding window that is longer than the sampling step,
 * load that swings, pauses that hit all requests for a moment. The same seed gives the same system.
 */
final class SyntheticSystem {
  static final List<Signal> SIGNALS =
      List.of(
          new Signal("http.latency.p50", Kind.LATENCY),
          new Signal("http.latency.p95", Kind.LATENCY),
          new Signal("http.latency.p99", Kind.LATENCY),
          new Signal("http.error-ratio", Kind.ERROR_RATIO),
          new Signal("http.rate", Kind.TRAFFIC));

  private static final double[] BUCKETS = {
    .001, .0025, .005, .01, .025, .05, .075, .1, .25, .5, .75, 1, 2.5, 5, 7.5, 10, 60
  };

  /** How a system is measured and how restless it is. */
  record Setting(
      int services, int stepSeconds, int windowSeconds, double loadSwing, double pausesPerHour) {}

  /** What the fault does to a service, from when on. */
  record Effect(ServiceName service, double latencyFactor, double errors, int fromSecond) {}

  private final Setting setting;
  private final Random random;
  final List<ServiceName> names = new ArrayList<>();
  private final int[] parent;
  private final double[] rate;
  private final double[] medianSeconds;
  private final double[] spread;
  private final double[] errors;
  private final double[] wobble;
  private final int[] pauseLeft;
  private final double[] pauseFactor;
  private final double swingPeriod;
  private final List<Deque<int[]>> window = new ArrayList<>();
  private final List<int[]> sums = new ArrayList<>();
  private final List<Effect> effects = new ArrayList<>();
  private int second;

  SyntheticSystem(long seed, Setting setting) {
    this.setting = setting;
    this.random = new Random(seed);
    int n = setting.services();
    parent = new int[n];
    rate = new double[n];
    medianSeconds = new double[n];
    spread = new double[n];
    errors = new double[n];
    wobble = new double[n];
    pauseLeft = new int[n];
    pauseFactor = new double[n];
    swingPeriod = 120 + 480 * random.nextDouble();
    for (int i = 0; i < n; i++) {
      names.add(ServiceName.of("s" + i));
      parent[i] = i == 0 ? -1 : random.nextInt(i);
      rate[i] = Math.exp(Math.log(3) + random.nextDouble() * Math.log(20));
      medianSeconds[i] = Math.exp(Math.log(.004) + random.nextDouble() * Math.log(25));
      spread[i] = .3 + .5 * random.nextDouble();
      errors[i] = random.nextInt(3) == 0 ? .004 * random.nextDouble() : 0;
      window.add(new ArrayDeque<>());
      sums.add(new int[BUCKETS.length + 1]);
    }
  }

  CallGraph callGraph() {
    Set<Edge> edges = new HashSet<>();
    for (int i = 1; i < parent.length; i++) {
      edges.add(new Edge(names.get(parent[i]), names.get(i)));
    }
    return new CallGraph(edges);
  }

  /** The callers of a service, nearest first. */
  List<ServiceName> callers(ServiceName service) {
    List<ServiceName> callers = new ArrayList<>();
    for (int i = parent[names.indexOf(service)]; i >= 0; i = parent[i]) {
      callers.add(names.get(i));
    }
    return callers;
  }

  Watch watch(Set<ServiceName> injected, Duration horizon) {
    List<SeriesId> series = new ArrayList<>();
    for (ServiceName name : names) {
      for (Signal signal : SIGNALS) {
        series.add(new SeriesId(name, signal));
      }
    }
    return new Watch(
        series,
        injected.isEmpty()
            ? Optional.empty()
            : Optional.of(
                new BlastRadius(
                    new LinkedHashSet<>(injected), java.util.Map.of(), Optional.empty())),
        callGraph(),
        SmallestEffect.DEFAULT,
        Duration.ofSeconds(setting.stepSeconds()),
        horizon);
  }

  void feels(Effect effect) {
    effects.add(effect);
  }

  void feelsNothing() {
    effects.clear();
  }

  int second() {
    return second;
  }

  Instant now() {
    return Instant.ofEpochSecond(1_700_000_000L + second);
  }

  /** Lets one sampling step pass and measures. */
  double[] next() {
    for (int i = 0; i < setting.stepSeconds(); i++) {
      second++;
      for (int s = 0; s < names.size(); s++) {
        pass(s);
      }
    }
    double[] values = new double[names.size() * SIGNALS.size()];
    for (int s = 0; s < names.size(); s++) {
      measure(s, values, s * SIGNALS.size());
    }
    return values;
  }

  private void pass(int s) {
    wobble[s] += -wobble[s] / 20 + .08 * Math.sqrt(2.0 / 20) * random.nextGaussian();
    if (pauseLeft[s] > 0) {
      pauseLeft[s]--;
    } else if (random.nextDouble() < setting.pausesPerHour() / 3600) {
      pauseLeft[s] = 1 + random.nextInt(2);
      pauseFactor[s] = 2 + 8 * random.nextDouble();
    }
    double factor = Math.exp(wobble[s]) * (pauseLeft[s] > 0 ? pauseFactor[s] : 1);
    double failing = errors[s];
    for (Effect effect : effects) {
      if (effect.service().equals(names.get(s)) && second >= effect.fromSecond()) {
        factor *= effect.latencyFactor();
        failing += effect.errors();
      }
    }
    double load = 1 + setting.loadSwing() * Math.sin(2 * Math.PI * second / swingPeriod);
    // More load, a little more latency, as queues have it.
    factor *= Math.exp(.5 * (load - 1));
    int[] counts = new int[BUCKETS.length + 1];
    int requests = poisson(rate[s] * load);
    for (int i = 0; i < requests; i++) {
      double latency = medianSeconds[s] * factor * Math.exp(spread[s] * random.nextGaussian());
      int bucket = 0;
      while (bucket < BUCKETS.length - 1 && latency > BUCKETS[bucket]) {
        bucket++;
      }
      counts[bucket]++;
      counts[BUCKETS.length] += random.nextDouble() < failing ? 1 : 0;
    }
    int[] sum = sums.get(s);
    Deque<int[]> all = window.get(s);
    all.add(counts);
    int[] old = all.size() > setting.windowSeconds() ? all.remove() : new int[counts.length];
    for (int i = 0; i < sum.length; i++) {
      sum[i] += counts[i] - old[i];
    }
  }

  private int poisson(double mean) {
    double limit = Math.exp(-Math.min(mean, 500));
    int k = 0;
    for (double p = random.nextDouble(); p > limit; p *= random.nextDouble()) {
      k++;
    }
    return k;
  }

  private void measure(int s, double[] values, int at) {
    int[] sum = sums.get(s);
    int requests = 0;
    for (int i = 0; i < BUCKETS.length; i++) {
      requests += sum[i];
    }
    values[at] = quantile(sum, requests, .5);
    values[at + 1] = quantile(sum, requests, .95);
    values[at + 2] = quantile(sum, requests, .99);
    values[at + 3] = requests == 0 ? Double.NaN : (double) sum[BUCKETS.length] / requests;
    values[at + 4] = (double) requests / window.get(s).size();
  }

  /** Linear within the bucket, as Prometheus does it. */
  private static double quantile(int[] counts, int requests, double q) {
    if (requests == 0) {
      return Double.NaN;
    }
    double rank = q * requests;
    double below = 0;
    for (int i = 0; i < BUCKETS.length; i++) {
      if (below + counts[i] >= rank && counts[i] > 0) {
        double from = i == 0 ? 0 : BUCKETS[i - 1];
        return from + (BUCKETS[i] - from) * (rank - below) / counts[i];
      }
      below += counts[i];
    }
    return BUCKETS[BUCKETS.length - 1];
  }
}
