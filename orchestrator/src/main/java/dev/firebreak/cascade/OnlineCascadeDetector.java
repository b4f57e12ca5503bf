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

  private static final int RECENT = 8;

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
  private double[] need = {};
  private double[] evidence = {};
  private double[] recent = {};
  private int[] seen = {};
  private int[] persistence = {};
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
  private int tick;

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
    incident = new boolean[history.size()];
    incident = incidents();
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

  private boolean[] incident = {};

  /** Rows in which several services at once were far off. */
  private boolean[] incidents() {
    int rows = history.size();
    int[] off = new int[rows];
    double[] taus = new double[2 * serviceOfSeries.length];
    int tauCount = 0;
    for (int service = 0; service < services.size(); service++) {
      boolean[] bad = new boolean[rows];
      for (int series = 0; series < serviceOfSeries.length; series++) {
        if (serviceOfSeries[series] != service) {
          continue;
        }
        List<Track> own = new ArrayList<>();
        tracksOf(series, own);
        for (Track track : own) {
          taus[tauCount++] = track.baseline().decorrelation();
          for (int age = 0; age < rows; age++) {
            double value = history.value(age, series);
            if (Double.isFinite(value)) {
              double y = track.yardstick().measure(value);
              double z = (y - track.baseline().median()) / track.baseline().common();
              bad[age] |=
                  y >= track.badFrom()
                      && z > 0
                      && Evidence.surprise(z, tuning.tailFreedom()) >= tuning.incidentSurprise();
            }
          }
        }
      }
      for (int age = 0; age < rows; age++) {
        off[age] += bad[age] ? 1 : 0;
      }
    }
    int[] sorted = off.clone();
    Arrays.sort(sorted);
    double many = tuning.incidentServices() + 2 * sorted[rows / 2];
    boolean[] incident = new boolean[rows];
    int count = 0;
    Arrays.sort(taus, 0, tauCount);
    int lasting = (int) Math.ceil(tuning.incidentLooks() * (tauCount == 0 ? 1 : taus[tauCount / 2]));
    for (int from = 0; from < rows; from++) {
      int to = from;
      while (to < rows && off[to] >= many) {
        to++;
      }
      if (to - from >= lasting) {
        Arrays.fill(incident, from, to, true);
        count += to - from;
      }
      from = Math.max(from, to);
    }
    if (System.getenv("LAB") != null) System.err.println(count+" of "+rows+" many "+many+" "+Arrays.toString(off));
    return count <= tuning.incidentShare() * rows ? incident : new boolean[rows];
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
    for (Way way : ways(kind, topology.tie(watch.series().get(series).service()))) {
      Yardstick stick = Yardstick.of(kind, way, watch.smallestEffect(), usual);
      double[] measured = new double[values.length];
      for (int i = 0; i < values.length; i++) {
        measured[i] = stick.measure(values[i]);
      }
      Baseline baseline = Baseline.of(measured, stick.smallestScale(tuning), tuning.tailFreedom(), tuning.trim(), (int) Math.min(1000, watch.horizon().toMillis() / Math.max(1, watch.step().toMillis())), (int) tuning.fewest());
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

  private static List<Way> ways(Kind kind, Topology.Tie tie) {
    return switch (kind) {
      case LATENCY, ERROR_RATIO, SATURATION -> List.of(Way.UP);
      case SUCCESS_RATIO -> List.of(Way.DOWN);
      case TRAFFIC ->
          tie == Topology.Tie.CALLEE ? List.of(Way.UP) : List.of(Way.DOWN, Way.UP);
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
      if (Double.isFinite(value) && !incident[age]) {
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
    need = new double[tracks];
    evidence = new double[tracks];
    recent = new double[tracks * RECENT];
    seen = new int[tracks];
    persistence = new int[tracks];
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
      persistence[t] = Math.min(RECENT, track.baseline().fewest());
      worst[t] = median[t];
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
        double share = 1.0 / different / kinds[yardstick[t].kind().ordinal()];
        need[t] = tuning.threshold() - StrictMath.log(weight[s] * share);
      }
    }
  }

  @Override
  public List<Finding> judge(Instant at, double[] values) {
    long now = at.toEpochMilli();
    tick++;
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
    int place = t * RECENT + (seen[t] & (RECENT - 1));
    seen[t]++;
    if (y < badFrom[t]) {
      recent[place] = 0;
      evidence[t] = 0;
      return;
    }
    double z = Math.max(0, (y - median[t]) * perScale[t]);
    recent[place] = Evidence.surprise(z, tuning.tailFreedom());
    worst[t] = Math.max(worst[t], y);
    scan(t, now);
    if (System.getenv("TRK") != null && watch.series().get(trackSeries[t]).toString().matches(System.getenv("TRK"))) System.err.printf("%s %s tick %d y %.3f m %.3f s %.3f tau %.1f z %.2f ev %.2f need %.2f%n", watch.series().get(trackSeries[t]), yardstick[t].way(), tick, y, median[t], 1/perScale[t], 1/perLook[t], z, evidence[t], need[t]);
  }

  private void scan(int t, long now) {
    double least = Double.MAX_VALUE;
    double second = Double.MAX_VALUE;
    double best = 0;
    int fewest = persistence[t];
    for (int n = 1; n <= RECENT && n <= seen[t]; n++) {
      double u = recent[t * RECENT + ((seen[t] - n) & (RECENT - 1))];
      if (u < least) {
        second = least;
        least = u;
      } else if (u < second) {
        second = u;
      }
      if (n >= fewest && u > 0) {
        double k = 1 + Math.max(0, tick - n) * perLook[t];
        double late = StrictMath.log(k * (k + 1));
        double all = Math.max(1, n * perLook[t]) * least;
        double butOne =
            n > fewest ? Math.max(1, (n - 1) * perLook[t]) * second - StrictMath.log(n) : 0;
        double e = Math.max(all, butOne) - late;
        if (e > best) {
          best = e;
          onset[t] = now - (n - 1) * watch.step().toMillis();
        }
      }
    }
    evidence[t] = best;
  }

  private List<Finding> conclude(long now) {
    List<Finding> news = List.of();
    for (int s = 0; s < services.size(); s++) {
      Degradation known = degradations[s];
      if (known != null) {
        continue;
      }
      int best = -1;
      double most = 0;
      for (int t = firstTrack[s]; t < firstTrack[s + 1]; t++) {
        double over = evidence[t] - need[t];
        if (over >= most) {
          most = over;
          best = t;
        }
      }
      if (best >= 0) {
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
