package dev.firebreak.run;

import dev.firebreak.cascade.CascadeDetector;
import dev.firebreak.cascade.CascadeDetectorFactory;
import dev.firebreak.cascade.Coverage;
import dev.firebreak.cascade.DegradationClass;
import dev.firebreak.cascade.Finding;
import dev.firebreak.cascade.Watch;
import dev.firebreak.experiment.Experiment;
import dev.firebreak.experiment.HaltPolicy.Condition;
import dev.firebreak.probe.MetricSource;
import dev.firebreak.probe.ProbeException;
import dev.firebreak.probe.Quantity;
import dev.firebreak.probe.Reading;
import dev.firebreak.probe.Reading.Sample;
import dev.firebreak.probe.SeriesId;
import dev.firebreak.probe.SeriesIndex;
import dev.firebreak.probe.Signal;
import dev.firebreak.run.RunEvent.SamplesTaken;
import dev.firebreak.run.RunEvent.ServiceDegraded;
import dev.firebreak.run.RunEvent.SightLost;
import dev.firebreak.run.RunEvent.SightRegained;
import dev.firebreak.run.RunEvent.SystemChanged;
import dev.firebreak.service.ServiceName;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a run sees: reads the source at every step, and asks hypothesis, detector and sight what it
 * means. Owned by the run's thread; only the reading itself runs elsewhere, so that a source that
 * hangs cannot delay a halt.
 */
final class Lookout {
  private static final Logger LOG = LoggerFactory.getLogger(Lookout.class);

  /** Looks that must be well before a system counts as recovered: one is noise. */
  private static final int STEADY_LOOKS = 3;

  private static final int INSIDE = -1;

  private static final String OUTSIDE = "the services outside the blast radius";

  private enum Mode {
    LEARNING,
    JUDGING
  }

  private final RunLoop loop;
  private final EventLog log;
  private final MetricSource source;
  private final Experiment experiment;
  private final Duration step;
  private final List<SeriesId> series;
  private final List<ServiceName> outside;

  /** Of each series, the number of its service among those outside, or {@link #INSIDE}. */
  private final int[] outsideOf;

  private final SeriesIndex index;
  private final CascadeDetector detector;
  private final HypothesisWatch hypothesis;
  private final Sight sight;
  private final NotableChanges changes;

  private Mode mode = Mode.LEARNING;
  private boolean reading;
  private boolean faultInPlace;
  private boolean blind;
  private long dueNanos;
  private int looks;
  private int looksWithEvidence;
  private final int[] looksAtOutside;
  private int evidenceInARow;
  private int calmLooks;
  private String latestProblem = "";
  private final Set<ServiceName> seenDown = new HashSet<>();
  private final Set<String> breaches = new LinkedHashSet<>();
  private Optional<HaltCause> cause = Optional.empty();

  Lookout(
      RunLoop loop,
      EventLog log,
      MetricSource source,
      RunSpec spec,
      RunPlan plan,
      CascadeDetectorFactory detectors) {
    this.loop = loop;
    this.log = log;
    this.source = source;
    this.experiment = spec.experiment();
    this.step = spec.telemetry().every();
    this.series = plan.series();
    this.outside = List.copyOf(plan.outside());
    this.outsideOf = outsideOf(series, outside);
    this.looksAtOutside = new int[outside.size()];
    this.index = new SeriesIndex(series);
    this.detector =
        detectors.create(
            new Watch(
                series,
                Optional.of(experiment.radius()),
                plan.callGraph(),
                experiment.halt().smallestEffect(),
                step,
                experiment.longestFault(),
                experiment.halt().falseHaltBudget()));
    this.hypothesis = new HypothesisWatch(experiment.hypothesis(), series);
    this.sight = new Sight(experiment.halt().blindAfter());
    this.changes = new NotableChanges(series);
    this.dueNanos = loop.nanoTime();
    sight.require(OUTSIDE, dueNanos);
  }

  private static int[] outsideOf(List<SeriesId> series, List<ServiceName> outside) {
    Map<ServiceName, Integer> numbers = new HashMap<>();
    for (ServiceName service : outside) {
      numbers.put(service, numbers.size());
    }
    return series.stream().mapToInt(id -> numbers.getOrDefault(id.service(), INSIDE)).toArray();
  }

  /** Starts a reading when the step is over; one that is still under way is waited for. */
  void advance() {
    long now = loop.nanoTime();
    if (now - dueNanos < 0) {
      return;
    }
    // A fixed grid: a slow answer does not shift the steps after it.
    long steps = (now - dueNanos) / step.toNanos() + 1;
    dueNanos += steps * step.toNanos();
    if (reading) {
      nothingSeen("the source has not answered for a whole step");
      return;
    }
    reading = true;
    loop.work(this::read);
  }

  long dueNanos() {
    return dueNanos;
  }

  private void read() {
    try {
      Reading taken = source.read();
      loop.post(() -> seen(taken));
    } catch (ProbeException e) {
      String problem = String.valueOf(e.getMessage());
      loop.post(() -> unread(problem));
    } catch (RuntimeException | Error e) {
      loop.post(() -> unread("the source broke: " + e));
    }
  }

  private void unread(String problem) {
    reading = false;
    nothingSeen(problem);
  }

  private void seen(Reading taken) {
    reading = false;
    latestProblem = "";
    Instant at = loop.now();
    double[] values = new double[series.size()];
    Arrays.fill(values, Double.NaN);
    BitSet seenOutside = new BitSet();
    int position = 0;
    for (Sample sample : taken.samples()) {
      int place = index.find(position++, sample.series());
      if (place == SeriesIndex.NONE) {
        continue;
      }
      values[place] = sample.value();
      if (isDown(sample)) {
        seenDown.add(sample.series().service());
      }
      if (outsideOf[place] != INSIDE && isEvidence(sample)) {
        seenOutside.set(outsideOf[place]);
      }
    }
    boolean evidence = 2 * seenOutside.cardinality() >= outside.size();
    if (!evidence) {
      latestProblem = whatIsWrong(taken);
    }
    log.record(new SamplesTaken(at, boxed(values)));
    changes.among(taken.changes()).forEach(change -> log.record(new SystemChanged(at, change)));
    hypothesis.judge(at, values).forEach(log::record);
    countLook(evidence);
    countOutside(seenOutside);
    keepSight(evidence);
    judge(at, values);
    decide();
  }

  /**
   * That a service answers at all says nothing about how it fares. That it does not says that it is
   * down: of a fault that is much, of a steady state nothing.
   */
  private boolean isEvidence(Sample sample) {
    Signal.Kind kind = sample.series().signal().kind();
    return kind.decides()
        && (kind != Signal.Kind.AVAILABILITY || (mode == Mode.JUDGING && sample.value() < 1));
  }

  private static boolean isDown(Sample sample) {
    return sample.series().signal().kind() == Signal.Kind.AVAILABILITY && sample.value() < 1;
  }

  private static List<Double> boxed(double[] values) {
    List<Double> boxed = new ArrayList<>(values.length);
    for (double value : values) {
      boxed.add(value);
    }
    return Collections.unmodifiableList(boxed);
  }

  private void nothingSeen(String problem) {
    countLook(false);
    keepSight(false);
    calmLooks = 0;
    LOG.debug("no evidence problem={}", problem);
    latestProblem = problem;
    decide();
  }

  private void countLook(boolean evidence) {
    evidenceInARow = evidence ? evidenceInARow + 1 : 0;
    if (faultInPlace) {
      looks++;
      // That a hypothesis held must have been seen as well.
      looksWithEvidence += evidence && hypothesis.unseen().isEmpty() ? 1 : 0;
    }
  }

  private void countOutside(BitSet seen) {
    if (faultInPlace) {
      seen.stream().forEach(service -> looksAtOutside[service]++);
    }
  }

  private static String whatIsWrong(Reading taken) {
    return taken.warnings().stream()
        .findFirst()
        .or(
            () ->
                new TreeMap<>(taken.unseen())
                    .entrySet().stream()
                        .map(entry -> entry.getKey() + ": " + entry.getValue())
                        .findFirst())
        .orElse("");
  }

  private void keepSight(boolean evidence) {
    long now = loop.nanoTime();
    if (evidence) {
      sight.saw(OUTSIDE, now);
      List<String> unseen = hypothesis.unseen();
      for (var probe : experiment.hypothesis().probes()) {
        if (!unseen.contains(probe.name())) {
          sight.saw(named(probe.name()), now);
        }
      }
    }
    boolean nowBlind = sight.lost(now).isPresent();
    if (nowBlind && !blind) {
      Sight.Lost lost = sight.lost(now).orElseThrow();
      log.record(new SightLost(loop.now(), loop.now().minus(lost.unseenFor()), lost.what()));
    } else if (blind && !nowBlind) {
      log.record(new SightRegained(loop.now()));
    }
    blind = nowBlind;
  }

  private static String named(String probe) {
    return "the probe \"" + probe + "\"";
  }

  private void judge(Instant at, double[] values) {
    if (mode == Mode.LEARNING) {
      detector.learn(at, values);
      return;
    }
    for (Finding finding : detector.judge(at, values)) {
      log.record(new ServiceDegraded(at, finding));
    }
    if (faultInPlace) {
      hypothesis.breach().ifPresent(breaches::add);
    }
    calmLooks = allRecovered() && hypothesis.breach().isEmpty() ? calmLooks + 1 : 0;
  }

  private boolean allRecovered() {
    return detector.findings().stream()
        .filter(finding -> finding.degradation() != DegradationClass.UNRELATED)
        .allMatch(finding -> finding.recoveredAt().isPresent());
  }

  private void decide() {
    if (!faultInPlace || cause.isPresent()) {
      return;
    }
    Instant now = loop.now();
    if (halts(Condition.CASCADE) && detector.escaped()) {
      cause = Optional.of(new HaltCause(HaltCause.Kind.CASCADE, cascade(), now));
    } else if (halts(Condition.HYPOTHESIS) && hypothesis.breached()) {
      cause =
          Optional.of(
              new HaltCause(
                  HaltCause.Kind.HYPOTHESIS, hypothesis.breach().orElse("breached"), now));
    } else if (halts(Condition.BLIND) && blind) {
      cause = Optional.of(new HaltCause(HaltCause.Kind.BLIND, blindness(), now));
    }
  }

  private boolean halts(Condition condition) {
    return experiment.halt().on().contains(condition);
  }

  private String cascade() {
    return detector.findings().stream()
        .filter(finding -> finding.degradation() == DegradationClass.ESCAPED)
        .findFirst()
        .map(
            finding ->
                "%s of %s went from %s to %s outside the blast radius"
                    .formatted(
                        finding.signal(),
                        finding.service(),
                        Quantity.of(finding.signal().kind(), finding.baseline()),
                        Quantity.of(finding.signal().kind(), finding.observed())))
        .orElse("failure escaped the blast radius");
  }

  private String blindness() {
    return sight
        .lost(loop.nanoTime())
        .map(
            lost ->
                "no evidence about %s for %d s%s"
                    .formatted(lost.what(), lost.unseenFor().toSeconds(), why()))
        .orElse("no evidence");
  }

  private String why() {
    return latestProblem.isEmpty() ? "" : ": " + latestProblem;
  }

  /** Freezes the baseline; from now on every look is judged, and can halt. */
  Coverage injected() {
    mode = Mode.JUDGING;
    faultInPlace = true;
    detector.injected(loop.now());
    long now = loop.nanoTime();
    for (var probe : experiment.hypothesis().probes()) {
      sight.require(named(probe.name()), now);
    }
    return detector.coverage();
  }

  /** The undo was sent: looks no longer count towards what was seen of the fault. */
  void rollingBack() {
    faultInPlace = false;
    calmLooks = 0;
  }

  void rolledBack() {
    detector.rolledBack(loop.now());
  }

  /** Why the run must be halted, once there is a reason. */
  Optional<HaltCause> cause() {
    return cause;
  }

  /** Whether there is fresh evidence, of all that has to be seen. */
  boolean sighted() {
    return sight.lost(loop.nanoTime()).isEmpty();
  }

  /** Whether the last looks all gave evidence and the hypothesis held in them. */
  boolean steady() {
    return evidenceInARow >= STEADY_LOOKS && hypothesis.holds();
  }

  /** Why {@link #steady} is false. */
  String unsteady() {
    return evidenceInARow < STEADY_LOOKS
        ? "the last looks at the system gave no evidence" + why()
        : String.join("; ", hypothesis.unmet());
  }

  /** Whether all that degraded is back, for long enough to say so. */
  boolean recovered() {
    return calmLooks >= STEADY_LOOKS;
  }

  /**
   * The finding that an injected service moved, which shows that the fault bites. That nothing is
   * heard of it any more may be the source's fault, and shows nothing.
   */
  Optional<Finding> moved(ServiceName injected) {
    return detector.findings().stream()
        .filter(finding -> finding.service().equals(injected))
        .filter(finding -> finding.degradation() == DegradationClass.INJECTED)
        .filter(
            finding ->
                finding.signal().kind() != Signal.Kind.AVAILABILITY
                    || seenDown.contains(finding.service()))
        .findFirst();
  }

  List<Finding> findings() {
    return detector.findings();
  }

  /** The probes that broke while the fault was in place or did not come back after it, in words. */
  List<String> breaches() {
    return breaches.isEmpty()
        ? hypothesis.breach().map(List::of).orElse(List.of())
        : List.copyOf(breaches);
  }

  int looks() {
    return looks;
  }

  int looksWithEvidence() {
    return looksWithEvidence;
  }

  /** How many of the looks gave evidence about each service outside. */
  SortedMap<ServiceName, Integer> looksAtOutside() {
    SortedMap<ServiceName, Integer> looksAt = new TreeMap<>();
    for (int service = 0; service < looksAtOutside.length; service++) {
      looksAt.put(outside.get(service), looksAtOutside[service]);
    }
    return looksAt;
  }
}
