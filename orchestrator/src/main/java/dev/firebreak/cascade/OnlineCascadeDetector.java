package dev.firebreak.cascade;

import dev.firebreak.cascade.Topology.Tie;
import dev.firebreak.cascade.Topology.Ways;
import dev.firebreak.cascade.Tracks.Track;
import dev.firebreak.experiment.ExpectedBound;
import dev.firebreak.probe.SeriesId;
import dev.firebreak.probe.Signal;
import dev.firebreak.probe.Signal.Kind;
import dev.firebreak.service.ServiceName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Sustained levels beyond each series' own baseline, weighed by where its service stands in the
 * call graph. {@code docs/cascade-detection.md} has the formulas and their sources.
 */
final class OnlineCascadeDetector implements CascadeDetector {
  /** Samples that must be well before a service counts as recovered: one is noise. */
  private static final int WELL_SAMPLES = 3;

  /** Samples without a service before it counts as gone: one is a lost scrape, two a restart. */
  private static final int GONE_SAMPLES = 3;

  /** Beyond this share of the control group, what they share is the cause. */
  private static final double COMMON_SHARE = 0.75;

  private static final int SMALLEST_CONTROL_GROUP = 4;

  /**
   * An onset is dated back to within two samples nine times in ten; a latency, which is counted
   * when a request ends, shows later than a pool that is full.
   */
  private static final int ONSET_ERROR_SAMPLES = 3;

  /** What the fault left in queues and windows shows up for so long, or for three samples. */
  private static final long AFTERMATH_MILLIS = 5_000;

  /** What nothing ties to the fault but time must begin within this, or within three samples. */
  private static final long CLOSE_IN_TIME_MILLIS = 60_000;

  private static final int CLOSE_IN_SAMPLES = 3;

  private static final long NEVER = Long.MIN_VALUE;

  private final Watch watch;
  private final Tuning tuning;
  private final Topology topology;
  private final History history;
  private final List<ServiceName> services;

  /** The series that decide, of each service; forgotten once there are tracks of them. */
  private int[][] seriesOfService;

  private final @Nullable Degradation[] degradations;

  private Tracks tracks = new Tracks(List.of(), 1, 1);
  private int[] firstTrack;
  private Bounds bounds = new Bounds(tracks);
  private boolean[] barred = {};

  /** Of each service, the share of the budget that each kind of signal has. */
  private float[] share = {};

  private int[] upSeries = {};
  private int[] gone = {};
  private long[] goneSince = {};
  private @Nullable Coverage coverage;
  private long injectedAt;
  private long rolledBackAt = NEVER;
  private int samples;

  /** How many times a service degraded: when it grows, what ties others may have changed. */
  private int degraded;

  /** When what is new since the injection began, and how it came there. */
  private final SortedMap<ServiceName, Long> onsets = new TreeMap<>();

  private Ways ways = Ways.NONE;
  private @Nullable Controls controls;

  /** The services beyond the fault's reach, and how many of them are ill at the moment. */
  private record Controls(int known, int stirred) {}

  /** What is known about a degraded service. */
  private static final class Degradation {
    DegradationClass meaning = DegradationClass.ESCAPED;
    String note = "";

    /** From before the injection: what comes on top of it is new. */
    boolean old;

    Signal signal;
    int track;
    double worst = Double.NEGATIVE_INFINITY;
    long onset;
    long flaggedAt;
    long recoveredAt = NEVER;
    int classifiedAmong;
    int well;
    long wellSince;

    Degradation(Signal signal, int track, long onset, long flaggedAt) {
      this.signal = signal;
      this.track = track;
      this.onset = onset;
      this.flaggedAt = flaggedAt;
    }
  }

  OnlineCascadeDetector(Watch watch, Tuning tuning) {
    this.watch = watch;
    this.tuning = tuning;
    this.topology = new Topology(watch.callGraph(), watch.radius());
    this.history = new History(watch.series().size());
    this.services =
        watch.series().stream()
            .map(SeriesId::service)
            .filter(this::concerns)
            .distinct()
            .sorted()
            .toList();
    this.seriesOfService = new int[services.size()][];
    Map<ServiceName, List<Integer>> bySeries =
        IntStream.range(0, watch.series().size())
            .boxed()
            .filter(i -> watch.series().get(i).signal().kind().decides())
            .collect(
                Collectors.groupingBy(
                    i -> watch.series().get(i).service(), TreeMap::new, Collectors.toList()));
    for (int s = 0; s < services.size(); s++) {
      seriesOfService[s] =
          bySeries.getOrDefault(services.get(s), List.of()).stream().mapToInt(i -> i).toArray();
    }
    this.firstTrack = new int[services.size() + 1];
    this.degradations = new Degradation[services.size()];
  }

  /** Whether what happens to a service is anybody's question. */
  private boolean concerns(ServiceName service) {
    return watch.isOutside(service)
        || watch.radius().map(radius -> radius.contains(service)).orElse(false);
  }

  @Override
  public void learn(Instant at, double[] values) {
    if (coverage != null) {
      throw new IllegalStateException("the baseline is frozen since the injection");
    }
    requireWidth(values);
    history.add(at.toEpochMilli(), values);
  }

  private void requireWidth(double[] values) {
    if (values.length != watch.series().size()) {
      throw new IllegalArgumentException(
          "%d values for %d series".formatted(values.length, watch.series().size()));
    }
  }

  @Override
  public void injected(Instant at) {
    if (coverage != null) {
      throw new IllegalStateException("injected twice");
    }
    injectedAt = at.toEpochMilli();
    Baselines baselines =
        new Baselines(watch, tuning, topology, history, services, seriesOfService);
    tracks = new Tracks(baselines.tracks, watch.step().toMillis(), tuning.tailFreedom());
    firstTrack = baselines.firstTrack;
    barred = new boolean[tracks.count];
    weigh();
    bound();
    dropTooNoisy(baselines);
    guard(baselines);
    judgeHistory(baselines.tracks);
    coverage = covered(baselines);
    history.forget();
    seriesOfService = new int[0][];
  }

  /**
   * Shares the budget out: over the services, in each over its kinds of signal evenly. Tracks of
   * one kind and direction, such as the quantiles of one latency, are a group: of K p-values, K/m
   * times the m-th smallest is one too, however they depend on each other (Rueger's bound).
   */
  private void weigh() {
    SortedSet<ServiceName> outside = new TreeSet<>();
    for (int s = 0; s < services.size(); s++) {
      if (watch.isOutside(services.get(s)) && firstTrack[s] < firstTrack[s + 1]) {
        outside.add(services.get(s));
      }
    }
    SortedMap<ServiceName, Double> weights = topology.weights(outside, tuning);
    share = new float[services.size()];
    for (int s = 0; s < services.size(); s++) {
      int groups = 0;
      for (int t = firstTrack[s]; t < firstTrack[s + 1]; t = endOfGroup(s, t)) {
        groups++;
      }
      double weight = weights.getOrDefault(services.get(s), 1.0);
      share[s] = (float) (weight / Math.max(1, groups));
    }
  }

  /** The track behind the last one that tells of the same as {@code t}. */
  private int endOfGroup(int s, int t) {
    int end = t + 1;
    while (end < firstTrack[s + 1] && tracks.alike(t, end)) {
      end++;
    }
    return end;
  }

  /** The evidence that it takes if {@code agreeing} of the {@code size} tracks of a group agree. */
  private double needed(int s, int size, int agreeing) {
    return tuning.threshold() - StrictMath.log((double) share[s] * agreeing / size);
  }

  /** How many of a group must agree. */
  private static int majority(int size) {
    return size == 1 ? 1 : Math.max(2, (size + 1) / 2);
  }

  private void bound() {
    bounds = new Bounds(tracks);
    for (int s = 0; s < services.size(); s++) {
      ServiceName service = services.get(s);
      Optional<ExpectedBound> bound = watch.radius().map(radius -> radius.expected().get(service));
      for (int t = firstTrack[s]; bound.isPresent() && t < firstTrack[s + 1]; t++) {
        bounds.add(t, tracks.yardstick(t).bound(tracks.usual(t), bound.get()));
      }
    }
  }

  private void dropTooNoisy(Baselines baselines) {
    int horizon = Baselines.samples(watch);
    for (int s = 0; s < services.size(); s++) {
      for (int t = firstTrack[s]; t < firstTrack[s + 1]; t = endOfGroup(s, t)) {
        int end = endOfGroup(s, t);
        double needed = needed(s, end - t, 1);
        for (int i = t; i < end; i++) {
          double extreme = tracks.yardstick(i).extreme(tracks.usual(i));
          barred[i] = tracks.reach(i, extreme, horizon) < needed;
        }
      }
    }
    BitSet free = new BitSet();
    for (int t = 0; t < tracks.count; t++) {
      free.set(tracks.series[t], free.get(tracks.series[t]) || !barred[t]);
    }
    for (int t = 0; t < tracks.count; t++) {
      SeriesId id = watch.series().get(tracks.series[t]);
      if (!free.get(tracks.series[t]) && baselines.watched.remove(id)) {
        baselines.unwatchable.put(id, "its own noise would hide even an extreme degradation");
      }
    }
  }

  private void guard(Baselines baselines) {
    upSeries = new int[services.size()];
    gone = new int[services.size()];
    goneSince = new long[services.size()];
    Arrays.fill(upSeries, -1);
    for (int s = 0; s < services.size(); s++) {
      for (int series : seriesOfService[s]) {
        SeriesId id = watch.series().get(series);
        boolean usable = !baselines.unwatchable.containsKey(id);
        if (id.signal().kind() == Kind.AVAILABILITY && usable) {
          upSeries[s] = series;
        }
      }
    }
  }

  /**
   * What is degraded already has nothing to do with the fault, and is not watched further. It is
   * measured in everyday scales: it is itself part of the excursions that widen the others.
   */
  private void judgeHistory(List<Track> all) {
    if (history.size() == 0) {
      return;
    }
    long now = history.millis(history.size() - 1);
    for (int s = 0; s < services.size(); s++) {
      for (int t = firstTrack[s]; t < firstTrack[s + 1]; t++) {
        int run = badAtTheEnd(t);
        if (run >= Math.max(WELL_SAMPLES, 1 + tracks.persistence(t)) && isFarOff(t, all.get(t))) {
          barred[t] = true;
          long onset = now - (run - 1) * watch.step().toMillis();
          Degradation known = degradations[s];
          if (known == null || onset < known.onset) {
            degradations[s] = old(t, onset, now);
          }
        }
      }
    }
  }

  /** How many samples up to the injection were worth halting for without a gap. */
  private int badAtTheEnd(int t) {
    int run = 0;
    for (int age = history.size() - 1; age >= 0; age--) {
      double value = history.value(age, tracks.series[t]);
      if (Double.isFinite(value)) {
        if (!tracks.isBad(t, value)) {
          return run;
        }
        run++;
      }
    }
    return run;
  }

  private boolean isFarOff(int t, Track track) {
    Baseline baseline = track.baseline();
    double latest = Double.NaN;
    for (int age = history.size() - 1; age >= 0 && Double.isNaN(latest); age--) {
      double value = history.value(age, tracks.series[t]);
      latest = Double.isFinite(value) ? track.yardstick().measure(value) : latest;
    }
    double z = (latest - baseline.median()) / baseline.common();
    return Evidence.surprise(Math.max(0, z), tuning.tailFreedom()) >= tuning.incidentSurprise();
  }

  private Degradation old(int t, long onset, long now) {
    Degradation degradation = degradation(t, onset, now);
    degradation.meaning = DegradationClass.UNRELATED;
    degradation.old = true;
    degradation.note = "already degraded before the injection";
    return degradation;
  }

  private Coverage covered(Baselines baselines) {
    NavigableSet<ServiceName> withoutData = new TreeSet<>();
    watch.series().stream()
        .map(SeriesId::service)
        .filter(watch::isOutside)
        .forEach(withoutData::add);
    watch
        .radius()
        .flatMap(radius -> radius.outside())
        .ifPresent(named -> named.stream().filter(watch::isOutside).forEach(withoutData::add));
    baselines.watched.stream()
        .filter(id -> id.signal().kind() != Kind.AVAILABILITY)
        .forEach(id -> withoutData.remove(id.service()));
    return new Coverage(
        List.copyOf(baselines.watched), baselines.unwatchable, List.copyOf(withoutData));
  }

  @Override
  public List<Finding> judge(Instant at, double[] values) {
    requireWidth(values);
    long now = at.toEpochMilli();
    samples++;
    for (int t = 0; t < tracks.count; t++) {
      double value = values[tracks.series[t]];
      if (Double.isFinite(value)) {
        tracks.take(t, value, now, samples);
      }
    }
    bounds.take(values);
    countGone(values, now);
    List<Integer> changed = conclude(now, values);
    if (changed.isEmpty()) {
      return List.of();
    }
    List<Finding> news = new ArrayList<>();
    for (int s : changed) {
      Degradation degradation = degradations[s];
      if (degradation != null) {
        news.add(finding(s, degradation));
      }
    }
    news.sort(ORDER);
    return news;
  }

  private void countGone(double[] values, long now) {
    int known = 0;
    int seen = 0;
    for (int series : upSeries) {
      known += series >= 0 ? 1 : 0;
      seen += series >= 0 && Double.isFinite(values[series]) ? 1 : 0;
    }
    // A source that sees hardly anybody is ill itself: then silence says nothing about a service.
    boolean silenceCounts = 2 * seen >= known;
    for (int s = 0; s < services.size(); s++) {
      if (upSeries[s] < 0) {
        continue;
      }
      double value = values[upSeries[s]];
      if (Double.isFinite(value) ? value < 1 : silenceCounts) {
        goneSince[s] = gone[s]++ == 0 ? now : goneSince[s];
      } else if (Double.isFinite(value)) {
        gone[s] = 0;
      }
    }
  }

  /** The services about which there is something new. */
  private List<Integer> conclude(long now, double[] values) {
    controls = null;
    boolean any = degradeAnew(now);
    List<Integer> changed = List.of();
    for (int s = 0; s < services.size(); s++) {
      Degradation known = degradations[s];
      if (known != null && isNews(s, known, any, now, values)) {
        changed = changed.isEmpty() ? new ArrayList<>() : changed;
        changed.add(s);
      }
    }
    return changed;
  }

  /** Whether any service degraded that had not: what that means is said once all are known. */
  private boolean degradeAnew(long now) {
    boolean any = false;
    for (int s = 0; s < services.size(); s++) {
      Degradation known = degradations[s];
      if (known == null || known.old) {
        int worst = worstTrack(s);
        if (worst >= 0 || gone[s] >= GONE_SAMPLES) {
          Degradation degradation = degradation(s, worst, now);
          degradations[s] = degradation;
          onsets.put(services.get(s), degradation.onset);
          degraded++;
          any = true;
        }
      }
    }
    if (any) {
      ways = topology.ways(onsets, injectedAt, ONSET_ERROR_SAMPLES * stepMillis());
    }
    return any;
  }

  private boolean isNews(int s, Degradation known, boolean any, long now, double[] values) {
    if (known.track >= 0) {
      known.worst = Math.max(known.worst, tracks.worst(known.track));
    }
    if (any && !known.old && known.classifiedAmong == 0) {
      classify(s, known);
      return true;
    }
    boolean flagged = !known.old && (worstTrack(s) >= 0 || gone[s] >= GONE_SAMPLES);
    boolean otherwise = reconsider(s, known, now);
    return recover(s, known, flagged, now, values) || otherwise;
  }

  /** The track that says most in a group that has enough evidence; -1 if none has. */
  private int worstTrack(int s) {
    if (!hasEvidence(s)) {
      return -1;
    }
    int worst = -1;
    double most = 0;
    for (int t = firstTrack[s]; t < firstTrack[s + 1]; t = endOfGroup(s, t)) {
      int end = endOfGroup(s, t);
      int loudest = -1;
      for (int i = t; i < end; i++) {
        if (counts(i) && (loudest < 0 || tracks.evidence(i) > tracks.evidence(loudest))) {
          loudest = i;
        }
      }
      if (loudest >= 0) {
        double above = Math.max(aboveAlone(s, t, end), aboveTogether(s, t, end));
        if (above >= most) {
          most = above;
          worst = loudest;
        }
      }
    }
    return worst;
  }

  private boolean hasEvidence(int s) {
    for (int t = firstTrack[s]; t < firstTrack[s + 1]; t++) {
      if (counts(t)) {
        return true;
      }
    }
    return false;
  }

  private boolean counts(int t) {
    return tracks.evidence(t) > 0 && !barred[t];
  }

  private double aboveAlone(int s, int group, int end) {
    double most = Double.NEGATIVE_INFINITY;
    for (int t = group; t < end; t++) {
      if (counts(t) && lasts(t)) {
        most = Math.max(most, tracks.evidence(t) - needed(s, end - group, 1));
      }
    }
    return most;
  }

  private boolean lasts(int t) {
    return tracks.run(t) >= tracks.persistenceAlone(t) || isCoarse(t);
  }

  /** Where samples are independent, a stretch with one gap is a stretch. */
  private boolean isCoarse(int t) {
    return tracks.persistenceAlone(t) == tracks.persistence(t);
  }

  /** The m-th most evidence of a group, above what so many together need. */
  private double aboveTogether(int s, int group, int end) {
    int wanted = majority(end - group);
    double most = Double.NEGATIVE_INFINITY;
    for (int t = group; t < end; t++) {
      int atLeast = 0;
      for (int i = group; i < end; i++) {
        atLeast += counts(i) && tracks.evidence(i) >= tracks.evidence(t) ? 1 : 0;
      }
      if (counts(t) && atLeast >= wanted) {
        most = Math.max(most, tracks.evidence(t) - needed(s, end - group, wanted));
      }
    }
    return most;
  }

  private Degradation degradation(int s, int track, long now) {
    return track < 0
        ? new Degradation(watch.series().get(upSeries[s]).signal(), -1, goneSince[s], now)
        : degradation(track, tracks.onset(track), now);
  }

  private void classify(int s, Degradation degradation) {
    ServiceName service = services.get(s);
    degradation.classifiedAmong = degraded;
    if (watch.isInjected(service)) {
      degradation.meaning = DegradationClass.INJECTED;
      degradation.note = "received the fault";
    } else if (!watch.isOutside(service)) {
      degradation.meaning = DegradationClass.EXPECTED;
      degradation.note = "declared to feel the fault, and within its bound";
    } else if (commonCause(s)) {
      degradation.meaning = DegradationClass.UNRELATED;
      degradation.note = "most services that the fault cannot reach degraded with it";
    } else {
      tie(s, degradation);
    }
  }

  private Degradation degradation(int track, long onset, long now) {
    return new Degradation(watch.series().get(tracks.series[track]).signal(), track, onset, now);
  }

  /** Whether most of the control group is degraded too: what they share is then the cause. */
  private boolean commonCause(int s) {
    if (!topology.known()) {
      return false;
    }
    Controls all = controls == null ? controls() : controls;
    controls = all;
    int known = all.known() - (isControl(s) ? 1 : 0);
    int stirred = all.stirred() - (isControl(s) && isStirred(s) ? 1 : 0);
    return known >= SMALLEST_CONTROL_GROUP && stirred >= COMMON_SHARE * known;
  }

  private Controls controls() {
    int known = 0;
    int stirred = 0;
    for (int s = 0; s < services.size(); s++) {
      if (isControl(s)) {
        known++;
        stirred += isStirred(s) ? 1 : 0;
      }
    }
    return new Controls(known, stirred);
  }

  private boolean isControl(int s) {
    Tie tie = topology.tie(services.get(s));
    return (tie == Tie.NEIGHBOUR || tie == Tie.APART) && watch.isOutside(services.get(s));
  }

  /** Whether a service is slow or fails; that it is asked less says something of its callers. */
  private boolean isStirred(int s) {
    for (int t = firstTrack[s]; t < firstTrack[s + 1]; t++) {
      boolean lasts = tracks.run(t) >= tracks.persistence(t) || counts(t);
      if (lasts && tracks.kind(t) != Kind.TRAFFIC) {
        return true;
      }
    }
    return false;
  }

  private boolean isAfterTheFault(long onset) {
    long aftermath = Math.max(AFTERMATH_MILLIS, ONSET_ERROR_SAMPLES * stepMillis());
    return rolledBackAt != NEVER && onset - rolledBackAt > aftermath;
  }

  private long stepMillis() {
    return watch.step().toMillis();
  }

  /** An outside service is tied to the fault by the call graph or by time. */
  private void tie(int s, Degradation degradation) {
    ServiceName service = services.get(s);
    List<ServiceName> way = ways.to(service);
    long close = Math.max(CLOSE_IN_TIME_MILLIS, CLOSE_IN_SAMPLES * watch.step().toMillis());
    // A service that is gone needs no other evidence.
    boolean spread = degradation.track < 0 || mayHaveSpread();
    if (isAfterTheFault(degradation.onset)) {
      degradation.meaning = DegradationClass.UNRELATED;
      degradation.note = "began when the fault was gone already";
    } else if (!way.isEmpty() && (spread || topology.beginsAtACaller(way))) {
      degradation.meaning = DegradationClass.ESCAPED;
      degradation.note =
          "degraded after the injection, by the way "
              + way.stream().map(ServiceName::value).collect(Collectors.joining(" → "));
    } else if (topology.known() && topology.tie(service) == Tie.CALLER) {
      degradation.meaning = DegradationClass.ESCAPED;
      degradation.note = "calls the blast radius and degraded after the injection";
    } else if (degradation.onset - injectedAt <= close && spread) {
      degradation.meaning = DegradationClass.ESCAPED;
      degradation.note = "degraded right after the injection; no known call explains how";
    } else if (!topology.known() && watch.radius().isPresent()) {
      degradation.meaning = DegradationClass.ESCAPED;
      degradation.note = "degraded after the injection; the call graph is not known";
    } else {
      degradation.meaning = DegradationClass.UNRELATED;
      degradation.note = "nothing ties it to the fault: no call, and not when it began";
    }
  }

  /**
   * Whether the fault can be seen where it was injected, or nobody could see it there. That two
   * things began at about the same time says little if one of them is not known to have begun.
   */
  private boolean mayHaveSpread() {
    boolean seen = false;
    for (int s = 0; s < services.size(); s++) {
      if (watch.isInjected(services.get(s))) {
        Degradation degradation = degradations[s];
        if (degradation != null && !degradation.old) {
          return true;
        }
        seen |= firstTrack[s] < firstTrack[s + 1];
      }
    }
    return !seen;
  }

  /** What others did since may tie a service to the fault; a bound may be crossed. */
  private boolean reconsider(int s, Degradation degradation, long now) {
    DegradationClass before = degradation.meaning;
    if (before == DegradationClass.EXPECTED) {
      int crossed = bounds.crossed(firstTrack[s], firstTrack[s + 1], barred);
      if (crossed >= 0) {
        degradation.meaning = DegradationClass.ESCAPED;
        degradation.note = "went beyond the bound up to which it may feel the fault";
        degradation.signal = watch.series().get(tracks.series[crossed]).signal();
        degradation.track = crossed;
        degradation.worst = tracks.worst(crossed);
        degradation.flaggedAt = now;
      }
    } else if (before == DegradationClass.UNRELATED
        && !degradation.old
        && degradation.classifiedAmong < degraded) {
      degradation.classifiedAmong = degraded;
      if (!commonCause(s)) {
        tie(s, degradation);
      }
    }
    return degradation.meaning != before;
  }

  private boolean recover(
      int s, Degradation degradation, boolean flagged, long now, double[] values) {
    if (flagged) {
      degradation.well = 0;
      boolean relapsed = degradation.recoveredAt != NEVER;
      degradation.recoveredAt = NEVER;
      return relapsed;
    }
    if (degradation.recoveredAt != NEVER || !isWell(s, values)) {
      degradation.well = degradation.recoveredAt == NEVER ? 0 : degradation.well;
      return false;
    }
    degradation.wellSince = degradation.well++ == 0 ? now : degradation.wellSince;
    if (degradation.well >= WELL_SAMPLES) {
      degradation.recoveredAt = degradation.wellSince;
      return true;
    }
    return false;
  }

  /** Whether a service can be seen, and nothing about it is worth halting for. */
  private boolean isWell(int s, double[] values) {
    boolean seen = false;
    for (int t = firstTrack[s]; t < firstTrack[s + 1]; t++) {
      if (Double.isFinite(values[tracks.series[t]])) {
        seen = true;
        if (tracks.run(t) > 0) {
          return false;
        }
      }
    }
    return seen && gone[s] == 0;
  }

  @Override
  public void rolledBack(Instant at) {
    // Recovery is dated from the samples alone; whoever reads the findings knows the rollback.
    rolledBackAt = at.toEpochMilli();
  }

  private static final Comparator<Finding> ORDER =
      Comparator.comparing(Finding::onset).thenComparing(Finding::service);

  @Override
  public List<Finding> findings() {
    List<Finding> findings = new ArrayList<>();
    for (int s = 0; s < services.size(); s++) {
      Degradation degradation = degradations[s];
      if (degradation != null) {
        findings.add(finding(s, degradation));
      }
    }
    findings.sort(ORDER);
    return findings;
  }

  private Finding finding(int s, Degradation degradation) {
    ServiceName service = services.get(s);
    int t = degradation.track;
    boolean tied = degradation.meaning != DegradationClass.UNRELATED;
    return new Finding(
        service,
        degradation.meaning,
        degradation.signal,
        t < 0 ? 1 : tracks.usual(t),
        t < 0 ? 0 : tracks.yardstick(t).value(worst(degradation)),
        Instant.ofEpochMilli(degradation.onset),
        Instant.ofEpochMilli(degradation.flaggedAt),
        tied ? ways.to(service) : List.of(),
        degradation.note,
        degradation.recoveredAt == NEVER
            ? Optional.empty()
            : Optional.of(Instant.ofEpochMilli(degradation.recoveredAt)));
  }

  private double worst(Degradation degradation) {
    return Math.max(degradation.worst, tracks.worst(degradation.track));
  }

  @Override
  public boolean escaped() {
    for (Degradation degradation : degradations) {
      if (degradation != null && degradation.meaning == DegradationClass.ESCAPED) {
        return true;
      }
    }
    return false;
  }

  @Override
  public Coverage coverage() {
    Coverage known = coverage;
    return known == null ? new Coverage(List.of(), Map.of(), List.of()) : known;
  }
}
