package dev.firebreak.cascade;

import dev.firebreak.cascade.Tracks.Track;
import dev.firebreak.experiment.ExpectedBound;
import dev.firebreak.probe.SeriesId;
import dev.firebreak.probe.Signal.Kind;
import dev.firebreak.service.ServiceName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
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
  /** Where two began at the same time, what is nearer to the radius on the way comes first. */
  private static final Comparator<Finding> ORDER =
      Comparator.comparing(Finding::onset)
          .thenComparing(finding -> finding.path().size())
          .thenComparing(Finding::service);

  private final Watch watch;
  private final Tuning tuning;
  private final Topology topology;
  private final History history;
  private final List<ServiceName> services;

  /** The series that decide, of each service; forgotten once there are tracks of them. */
  private int[][] seriesOfService;

  private @Nullable Judgement judgement;

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
  }

  /** Whether what happens to a service is anybody's question. */
  private boolean concerns(ServiceName service) {
    return watch.isOutside(service)
        || watch.radius().map(radius -> radius.contains(service)).orElse(false);
  }

  @Override
  public void learn(Instant at, double[] values) {
    if (judgement != null) {
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
    if (judgement != null) {
      throw new IllegalStateException("injected twice");
    }
    Baselines baselines =
        new Baselines(watch, tuning, topology, history, services, seriesOfService);
    judgement = new Judgement(baselines, at.toEpochMilli());
    history.forget();
    seriesOfService = new int[0][];
  }

  private Judgement judgement() {
    Judgement started = judgement;
    if (started == null) {
      throw new IllegalStateException("not injected yet");
    }
    return started;
  }

  @Override
  public List<Finding> judge(Instant at, double[] values) {
    requireWidth(values);
    return judgement().judge(at.toEpochMilli(), values);
  }

  @Override
  public void rolledBack(Instant at) {
    // Recovery is dated from the samples alone; whoever reads the findings knows the rollback.
    judgement().attribution.rolledBack(at.toEpochMilli());
  }

  @Override
  public List<Finding> findings() {
    return judgement == null ? List.of() : judgement.findings();
  }

  @Override
  public boolean escaped() {
    return judgement != null && judgement.escaped();
  }

  @Override
  public Coverage coverage() {
    return judgement == null ? new Coverage(List.of(), Map.of(), List.of()) : judgement.coverage;
  }

  /** What is known since the injection. */
  private final class Judgement {
    private final Tracks tracks;
    private final ServiceEvidence evidence;
    private final Bounds bounds;
    private final Presence presence;
    private final ControlGroup controls;
    private final Attribution attribution;
    private final Coverage coverage;

    /** Of each service; null while it is well. */
    private final @Nullable Degradation[] degradations = new Degradation[services.size()];

    private int samples;

    Judgement(Baselines baselines, long injectedAt) {
      tracks = new Tracks(baselines.tracks, watch.step().toMillis(), tuning.tailFreedom());
      evidence =
          new ServiceEvidence(tracks, baselines.firstTrack, services, watch, topology, tuning);
      evidence.barTooNoisy(Baselines.samples(watch));
      bounds = bounds();
      nameTooNoisy(baselines);
      presence = new Presence(watch.series(), seriesOfService, baselines.silent);
      controls = new ControlGroup(services, watch, topology, evidence);
      attribution = new Attribution(watch, topology, controls, evidence, injectedAt, seen());
      findAlreadyBad(baselines.tracks);
      coverage = covered(baselines);
    }

    private Set<ServiceName> seen() {
      return IntStream.range(0, services.size())
          .filter(evidence::isWatched)
          .mapToObj(services::get)
          .collect(Collectors.toUnmodifiableSet());
    }

    private Bounds bounds() {
      Bounds all = new Bounds(tracks);
      for (int s = 0; s < services.size(); s++) {
        ServiceName service = services.get(s);
        Optional<ExpectedBound> bound =
            watch.radius().map(radius -> radius.expected().get(service));
        for (int t = evidence.first(s); bound.isPresent() && t < evidence.end(s); t++) {
          all.add(t, tracks.yardstick(t).bound(tracks.usual(t), bound.get()));
        }
      }
      return all;
    }

    private void nameTooNoisy(Baselines baselines) {
      BitSet free = new BitSet();
      for (int t = 0; t < tracks.count; t++) {
        free.set(tracks.series[t], free.get(tracks.series[t]) || !evidence.isBarred(t));
      }
      for (int t = 0; t < tracks.count; t++) {
        SeriesId id = watch.series().get(tracks.series[t]);
        if (!free.get(tracks.series[t]) && baselines.watched.remove(id)) {
          baselines.unwatchable.put(id, "its own noise would hide even an extreme degradation");
        }
      }
    }

    private void findAlreadyBad(List<Track> all) {
      AlreadyBad before = new AlreadyBad(history, tracks, tuning, watch.step().toMillis());
      for (int s = 0; s < services.size(); s++) {
        for (int t = evidence.first(s); t < evidence.end(s); t++) {
          long onset = before.onset(t, all);
          if (onset == Degradation.NEVER) {
            continue;
          }
          evidence.bar(t);
          Degradation known = degradations[s];
          if (known == null || onset < known.onset) {
            Degradation old = degradation(t, onset, before.now());
            old.old = true;
            old.means(DegradationClass.UNRELATED, "already degraded before the injection");
            degradations[s] = old;
          }
        }
      }
    }

    private Degradation degradation(int t, long onset, long now) {
      return new Degradation(watch.series().get(tracks.series[t]).signal(), t, onset, now);
    }

    List<Finding> judge(long now, double[] values) {
      samples++;
      for (int t = 0; t < tracks.count; t++) {
        double value = values[tracks.series[t]];
        if (Double.isFinite(value)) {
          tracks.take(t, value, now, samples);
        }
      }
      bounds.take(values);
      presence.take(values, now);
      boolean any = degradeAnew(now);
      List<Finding> news = List.of();
      for (int s = 0; s < services.size(); s++) {
        Degradation known = degradations[s];
        if (known != null && isNews(s, known, any, now, values)) {
          news = news.isEmpty() ? new ArrayList<>() : news;
          news.add(finding(s, known));
        }
      }
      if (news.size() > 1) {
        news.sort(ORDER);
      }
      return news;
    }

    /** Whether any service degraded that had not: what that means is said once all are known. */
    private boolean degradeAnew(long now) {
      boolean any = false;
      for (int s = 0; s < services.size(); s++) {
        Degradation known = degradations[s];
        if (known != null && !known.old) {
          continue;
        }
        int worst = evidence.worstTrack(s);
        if (worst != ServiceEvidence.NONE || presence.isGone(s)) {
          Degradation degradation =
              worst == ServiceEvidence.NONE
                  ? presence.degradation(s, now)
                  : degradation(worst, tracks.onset(worst), now);
          degradations[s] = degradation;
          attribution.begins(s, services.get(s), degradation);
          any = true;
        }
      }
      if (any) {
        attribution.order();
        controls.look();
      }
      return any;
    }

    private boolean isNews(int s, Degradation known, boolean any, long now, double[] values) {
      known.observe(tracks);
      if (any && !known.old && known.classifiedAmong == 0) {
        attribution.classify(s, services.get(s), known);
        return true;
      }
      boolean flagged =
          !known.old && (evidence.worstTrack(s) != ServiceEvidence.NONE || presence.isGone(s));
      boolean isWell = evidence.isWell(s, values) && !presence.isMissing(s);
      boolean otherwise = reconsider(s, known, now);
      return known.recover(flagged, isWell, now) || otherwise;
    }

    /** What others did since may tie a service to the fault; a bound may be crossed. */
    private boolean reconsider(int s, Degradation known, long now) {
      DegradationClass before = known.meaning;
      if (before == DegradationClass.EXPECTED) {
        int crossed = bounds.crossed(evidence.first(s), evidence.end(s), evidence);
        if (crossed >= 0) {
          known.means(
              DegradationClass.ESCAPED, "went beyond the bound up to which it may feel the fault");
          known.signal = watch.series().get(tracks.series[crossed]).signal();
          known.track = crossed;
          known.worst = tracks.worst(crossed);
          known.flaggedAt = now;
        }
      } else {
        attribution.reconsider(s, services.get(s), known);
      }
      return known.meaning != before;
    }

    List<Finding> findings() {
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
      return degradation.finding(
          service, tracks, attribution.onset(service, degradation), attribution.wayTo(service));
    }

    boolean escaped() {
      for (Degradation degradation : degradations) {
        if (degradation != null && degradation.meaning == DegradationClass.ESCAPED) {
          return true;
        }
      }
      return false;
    }
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
}
