package dev.firebreak.cascade;

import dev.firebreak.cascade.Yardstick.Way;
import dev.firebreak.probe.SeriesId;
import dev.firebreak.probe.Signal.Kind;
import dev.firebreak.service.ServiceName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Sequential evidence per series against its own baseline, averaged per service and run.
 *
 * <p>Each series has one or two tracks, one for each direction that is bad. A track's state is a
 * handful of numbers in parallel arrays; judging a sample that is not bad costs one comparison.
 */
final class OnlineCascadeDetector implements CascadeDetector {
  /** With fewer samples a baseline says nothing about what is usual. */
  private static final int FEWEST_BASELINE_SAMPLES = 5;

  private static final double COOLING = 0.5;

  private static final int STEADY_SAMPLES = 3;

  private final Watch watch;
  private final Tuning tuning;
  private final Topology topology;
  private final History history;
  private final List<ServiceName> services;
  private final int[] serviceOfSeries;

  // Per track.
  private int tracks;
  private int[] trackSeries = {};
  private Yardstick[] yardstick = {};
  private double[] median = {};
  private double[] perScale = {};
  private double[] perLook = {};
  private double[] badFrom = {};
  private double[] share = {};
  private double[] cap = {};
  private double[] evidence = {};
  private double[] accumulated = {};
  private double[] last = {};
  private double[] lastButOne = {};
  private long[] onset = {};
  private double[] worst = {};
  private double[] usual = {};

  // Per service.
  private final int[] firstTrack;
  private final double[] weight;
  private final @Nullable Degradation[] degradations;

  private @Nullable Coverage coverage;
  private long injectedAt = Long.MAX_VALUE;
  private boolean rolledBack;

  /** What is known about a degraded service. */
  private static final class Degradation {
    DegradationClass degradation = DegradationClass.ESCAPED;
    int track;
    long onset;
    long flaggedAt;
    String note = "";
    long recoveredAt = Long.MIN_VALUE;
    int well;
    long wellSince;
  }

  OnlineCascadeDetector(Watch watch, Tuning tuning) {
    this.watch = watch;
    this.tuning = tuning;
    this.topology = new Topology(watch.callGraph(), watch.radius());
    this.history = new History(watch.series().size());
    SortedSet<ServiceName> names = new TreeSet<>();
    watch.series().forEach(series -> names.add(series.service()));
    this.services = List.copyOf(names);
    this.serviceOfSeries = new int[watch.series().size()];
    for (int i = 0; i < serviceOfSeries.length; i++) {
      serviceOfSeries[i] = services.indexOf(watch.series().get(i).service());
    }
    this.firstTrack = new int[services.size() + 1];
    this.weight = new double[services.size()];
    this.degradations = new Degradation[services.size()];
  }

  @Override
  public void learn(Instant at, double[] values) {
    if (coverage != null) {
      throw new IllegalStateException("the baseline is frozen since the injection");
    }
    history.add(at.toEpochMilli(), values);
  }

  @Override
  public void injected(Instant at) {
    injectedAt = at.toEpochMilli();
    List<Track> found = new ArrayList<>();
    SortedMap<SeriesId, String> unwatchable = new TreeMap<>();
    SortedSet<SeriesId> watched = new TreeSet<>();
    for (int service = 0; service < services.size(); service++) {
      firstTrack[service] = found.size();
      for (int series = 0; series < serviceOfSeries.length; series++) {
        if (serviceOfSeries[series] == service) {
          SeriesId id = watch.series().get(series);
          if (!id.signal().kind().decides()) {
            continue;
          }
          int before = found.size();
          String reason = tracksOf(series, found);
          if (!watch.isOutside(id.service())) {
            continue;
          }
          if (found.size() > before) {
            watched.add(id);
          } else {
            unwatchable.put(id, reason);
          }
        }
      }
    }
    firstTrack[services.size()] = found.size();
    allocate(found);
    weigh();
    SortedSet<ServiceName> withoutData = new TreeSet<>(services);
    withoutData.removeIf(service -> !watch.isOutside(service));
    watched.forEach(id -> withoutData.remove(id.service()));
    coverage = new Coverage(List.copyOf(watched), unwatchable, List.copyOf(withoutData));
    history.forget();
  }

  private record Track(int series, Yardstick yardstick, Baseline baseline, double badFrom) {}

  /** Adds the tracks of a series, or says why it has none. */
  private String tracksOf(int series, List<Track> found) {
    Kind kind = watch.series().get(series).signal().kind();
    double[] values = seen(series);
    if (values.length < FEWEST_BASELINE_SAMPLES) {
      return values.length + " samples in the baseline";
    }
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    double usual = Baseline.middle(sorted);
    String reason = "";
    for (Way way : ways(kind)) {
      Yardstick stick = Yardstick.of(kind, way, watch.smallestEffect(), usual);
      double[] measured = new double[values.length];
      for (int i = 0; i < values.length; i++) {
        measured[i] = stick.measure(values[i]);
      }
      Baseline baseline = Baseline.of(measured, stick.smallestScale(tuning), tuning.tailFreedom());
      double bad = stick.worthHalting(usual, watch.smallestEffect());
      String why = hindrance(kind, usual, bad);
      if (why.isEmpty()) {
        found.add(new Track(series, stick, baseline, stick.measure(bad)));
      } else {
        reason = why;
      }
    }
    return reason;
  }

  private static List<Way> ways(Kind kind) {
    return switch (kind) {
      case LATENCY, ERROR_RATIO, SATURATION -> List.of(Way.UP);
      case SUCCESS_RATIO -> List.of(Way.DOWN);
      case TRAFFIC -> List.of(Way.DOWN, Way.UP);
      case AVAILABILITY, RESOURCE -> List.of();
    };
  }

  private static String hindrance(Kind kind, double usual, double bad) {
    return switch (kind) {
      case TRAFFIC -> usual > 0 ? "" : "no traffic in the baseline";
      case SUCCESS_RATIO -> bad >= 0 ? "" : "already at its worst";
      case ERROR_RATIO, SATURATION -> bad <= 1 ? "" : "already at its worst";
      case LATENCY -> "";
      case AVAILABILITY, RESOURCE -> "is not judged";
    };
  }

  private double[] seen(int series) {
    double[] values = new double[history.size()];
    int n = 0;
    for (int age = 0; age < history.size(); age++) {
      double value = history.value(age, series);
      if (Double.isFinite(value)) {
        values[n++] = value;
      }
    }
    return Arrays.copyOf(values, n);
  }

  private void allocate(List<Track> found) {
    tracks = found.size();
    trackSeries = new int[tracks];
    yardstick = new Yardstick[tracks];
    median = new double[tracks];
    perScale = new double[tracks];
    perLook = new double[tracks];
    badFrom = new double[tracks];
    share = new double[tracks];
    cap = new double[tracks];
    evidence = new double[tracks];
    accumulated = new double[tracks];
    last = new double[tracks];
    lastButOne = new double[tracks];
    onset = new long[tracks];
    worst = new double[tracks];
    usual = new double[tracks];
    for (int t = 0; t < tracks; t++) {
      Track track = found.get(t);
      trackSeries[t] = track.series();
      yardstick[t] = track.yardstick();
      median[t] = track.baseline().median();
      perScale[t] = 1 / track.baseline().scale();
      perLook[t] = 1 / track.baseline().decorrelation();
      badFrom[t] = track.badFrom();
      usual[t] = track.yardstick().value(median[t]);
    }
  }

  private void weigh() {
    SortedSet<ServiceName> outside = new TreeSet<>();
    for (int s = 0; s < services.size(); s++) {
      if (watch.isOutside(services.get(s)) && firstTrack[s] < firstTrack[s + 1]) {
        outside.add(services.get(s));
      }
    }
    SortedMap<ServiceName, Double> weights = topology.weights(outside, tuning);
    for (int s = 0; s < services.size(); s++) {
      weight[s] = weights.getOrDefault(services.get(s), 1.0);
      int[] kinds = new int[Kind.values().length];
      int different = 0;
      for (int t = firstTrack[s]; t < firstTrack[s + 1]; t++) {
        if (kinds[yardstick[t].kind().ordinal()]++ == 0) {
          different++;
        }
      }
      for (int t = firstTrack[s]; t < firstTrack[s + 1]; t++) {
        share[t] = 1.0 / different / kinds[yardstick[t].kind().ordinal()];
        double needed = tuning.threshold() - StrictMath.log(weight[s] * share[t]);
        cap[t] = 1.0001 * needed / tuning.fewestSamples();
      }
    }
  }

  @Override
  public List<Finding> judge(Instant at, double[] values) {
    long now = at.toEpochMilli();
    for (int t = 0; t < tracks; t++) {
      double value = values[trackSeries[t]];
      if (!Double.isNaN(value)) {
        take(t, value, now);
      }
    }
    return conclude(now);
  }

  private void take(int t, double value, long now) {
    double y = yardstick[t].measure(value);
    if (y < badFrom[t]) {
      last[t] = 0;
      lastButOne[t] = 0;
      accumulated[t] = Math.max(0, accumulated[t] - COOLING * perLook[t]);
      evidence[t] = accumulated[t];
      return;
    }
    double z = (y - median[t]) * perScale[t];
    double g = Evidence.logE(Evidence.surprise(z, tuning.tailFreedom()));
    if (evidence[t] <= 0) {
      onset[t] = now;
      worst[t] = y;
    }
    worst[t] = Math.max(worst[t], y);
    double level = Math.min(g, Math.min(last[t], lastButOne[t]));
    lastButOne[t] = last[t];
    last[t] = g;
    accumulated[t] = Math.max(0, accumulated[t] + Math.min(cap[t], g * perLook[t]));
    evidence[t] = Math.min(Math.max(level, accumulated[t]), 3 * cap[t] * 2);
  }

  private List<Finding> conclude(long now) {
    double threshold = tuning.threshold();
    List<Finding> news = List.of();
    for (int s = 0; s < services.size(); s++) {
      Degradation known = degradations[s];
      if (known != null) {
        continue;
      }
      double e = 0;
      int best = -1;
      double most = 0;
      for (int t = firstTrack[s]; t < firstTrack[s + 1]; t++) {
        if (evidence[t] > 0) {
          double part = share[t] * StrictMath.exp(evidence[t]);
          e += part;
          if (part > most) {
            most = part;
            best = t;
          }
        }
      }
      if (best >= 0 && StrictMath.log(weight[s] * e) >= threshold) {
        Degradation d = new Degradation();
        d.track = best;
        d.onset = onset[best];
        d.flaggedAt = now;
        d.degradation =
            watch.isInjected(services.get(s))
                ? DegradationClass.INJECTED
                : watch.isOutside(services.get(s))
                    ? DegradationClass.ESCAPED
                    : DegradationClass.EXPECTED;
        degradations[s] = d;
        if (news.isEmpty()) {
          news = new ArrayList<>();
        }
        news.add(finding(s, d));
      }
    }
    return news;
  }

  private Finding finding(int s, Degradation d) {
    int t = d.track;
    SortedMap<ServiceName, Long> onsets = new TreeMap<>();
    for (int other = 0; other < services.size(); other++) {
      Degradation degradation = degradations[other];
      if (degradation != null) {
        onsets.put(services.get(other), degradation.onset);
      }
    }
    return new Finding(
        services.get(s),
        d.degradation,
        watch.series().get(trackSeries[t]).signal(),
        usual[t],
        yardstick[t].value(worst[t]),
        Instant.ofEpochMilli(d.onset),
        Instant.ofEpochMilli(d.flaggedAt),
        topology.way(services.get(s), onsets, injectedAt, watch.step().toMillis()),
        d.note,
        d.recoveredAt == Long.MIN_VALUE
            ? Optional.empty()
            : Optional.of(Instant.ofEpochMilli(d.recoveredAt)));
  }

  @Override
  public void rolledBack(Instant at) {
    rolledBack = true;
  }

  @Override
  public List<Finding> findings() {
    List<Finding> findings = new ArrayList<>();
    for (int s = 0; s < services.size(); s++) {
      Degradation d = degradations[s];
      if (d != null) {
        findings.add(finding(s, d));
      }
    }
    findings.sort(Comparator.comparing(Finding::onset).thenComparing(Finding::service));
    return findings;
  }

  @Override
  public boolean escaped() {
    for (Degradation d : degradations) {
      if (d != null && d.degradation == DegradationClass.ESCAPED) {
        return true;
      }
    }
    return false;
  }

  @Override
  public Coverage coverage() {
    return coverage == null ? new Coverage(List.of(), java.util.Map.of(), List.of()) : coverage;
  }
}
