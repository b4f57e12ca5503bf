package dev.firebreak.run;

import dev.firebreak.cascade.CascadeDetectorFactory;
import dev.firebreak.cascade.Coverage;
import dev.firebreak.experiment.Experiment;
import dev.firebreak.fault.FaultInjector;
import dev.firebreak.fault.FaultPlan;
import dev.firebreak.fault.Injectors;
import dev.firebreak.probe.Discovery;
import dev.firebreak.probe.MetricSource;
import dev.firebreak.probe.SeriesId;
import dev.firebreak.run.OutcomeJudge.Evidence;
import dev.firebreak.run.OutcomeJudge.Judgement;
import dev.firebreak.run.RunEvent.BaselineTaken;
import dev.firebreak.run.RunEvent.FalseHaltsMeasured;
import dev.firebreak.run.RunEvent.Halted;
import dev.firebreak.run.RunEvent.PhaseEntered;
import dev.firebreak.run.RunEvent.RunClosed;
import dev.firebreak.run.RunEvent.RunOpened;
import dev.firebreak.run.RunEvent.SignalsFound;
import dev.firebreak.run.RunEvent.WatchBegan;
import dev.firebreak.service.ServiceName;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One execution of one experiment, from the first look to the last. The thread that calls {@link
 * #execute} owns all of its state; {@link #halt} may be called from any thread. Whatever happens
 * after a fault was sent, the fault is rolled back before {@code execute} returns.
 */
public final class Run {
  /** How long a rollback is waited for before the run ends and a person must look. */
  public static final Duration LONGEST_ROLLBACK = Duration.ofSeconds(60);

  private static final Logger LOG = LoggerFactory.getLogger(Run.class);

  /** Asking source and targets takes a few seconds; beyond this they count as unreachable. */
  private static final Duration LONGEST_PLANNING = Duration.ofSeconds(30);

  /** A renewal that is due and may not be sent, because the run is blind, must not spin. */
  private static final Duration LEAST_WAIT = Duration.ofMillis(200);

  private static final Duration PAUSE_WHEN_BROKEN = Duration.ofMillis(100);

  private final RunSpec spec;
  private final Experiment experiment;
  private final Injectors injectors;
  private final MetricSource source;
  private final CascadeDetectorFactory detectors;
  private final RunLoop loop;
  private final EventLog log;
  private final RollbackCrew rollback;
  private final Guard guard;
  private final Admission admission;

  private final List<ActiveFault> faults = new ArrayList<>();
  private final List<String> refusals = new ArrayList<>();
  private Optional<RunPlan> plan = Optional.empty();
  private Optional<Lookout> lookout = Optional.empty();
  private Optional<InjectionCrew> injection = Optional.empty();
  private Optional<Coverage> coverage = Optional.empty();
  private Optional<HaltCause> halt = Optional.empty();
  private boolean opened;
  private boolean watching;
  private boolean interrupted;
  private long renewalDueNanos;

  /** A run without safeguards, to be simulated: with real faults it would be irresponsible. */
  public Run(
      RunSpec spec,
      Injectors injectors,
      MetricSource source,
      CascadeDetectorFactory detectors,
      RunLoop loop,
      Journal journal,
      RunListener listeners) {
    this(spec, injectors, source, detectors, loop, journal, listeners, Safeguards.NONE);
  }

  /**
   * A run that has not begun.
   *
   * @param listeners is called on the run's thread and must return at once
   */
  public Run(
      RunSpec spec,
      Injectors injectors,
      MetricSource source,
      CascadeDetectorFactory detectors,
      RunLoop loop,
      Journal journal,
      RunListener listeners,
      Safeguards safeguards) {
    this.spec = spec;
    this.experiment = spec.experiment();
    this.injectors = injectors;
    this.source = source;
    this.detectors = detectors;
    this.loop = new SteadyLoop(loop);
    this.log = new EventLog(journal, listeners);
    this.rollback = new RollbackCrew(this.loop, log);
    this.guard = safeguards.guard();
    this.admission = safeguards.admission();
    this.renewalDueNanos = loop.nanoTime();
  }

  /** Ends the run early and rolls back. From any thread, any number of times; the first counts. */
  public void halt(HaltCause cause) {
    loop.post(() -> accept(cause));
  }

  /** Runs the experiment to its end. Once. */
  public Outcome execute() {
    try {
      if (preflight() && baseline()) {
        inject();
        observe();
      }
    } catch (RuntimeException e) {
      breakDown(e);
    }
    Outcome outcome = rollBackAndClose();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return outcome;
  }

  /** Resolves the plan first: a run is opened under the hash of what it will do. */
  private boolean preflight() {
    Instant start = loop.now();
    Planner planner = new Planner(injectors);
    loop.work(() -> planIfAdmitted(planner));
    pump(() -> plan.isPresent() || !refusals.isEmpty() || halted(), after(LONGEST_PLANNING));
    open(start);
    if (halted() || !refusals.isEmpty()) {
      return false;
    }
    if (plan.isEmpty()) {
      refusals.add(
          "source and targets did not answer within " + LONGEST_PLANNING.toSeconds() + " s");
      return false;
    }
    refusals.addAll(plan.get().obstacles());
    return plan.get().runnable();
  }

  private void planIfAdmitted(Planner planner) {
    List<String> objections = new ArrayList<>(admission.objections(spec));
    guard.lost(Duration.ZERO).ifPresent(objections::add);
    if (!objections.isEmpty()) {
      loop.post(() -> refusals.addAll(objections));
      return;
    }
    RunPlan resolved = planner.plan(spec, source);
    List<String> late = resolved.runnable() ? admission.objections(spec, resolved) : List.of();
    loop.post(
        () -> {
          refusals.addAll(late);
          plan = Optional.of(resolved);
        });
  }

  private void open(Instant start) {
    opened = true;
    log.record(openedEvent(start, plan.map(RunPlan::hash).orElse("")));
    log.record(new PhaseEntered(start, Phase.PREFLIGHT));
    halt.ifPresent(cause -> log.record(new Halted(loop.now(), cause)));
  }

  private RunOpened openedEvent(Instant start, String planHash) {
    return new RunOpened(
        start,
        spec.id(),
        spec.gameDay().name(),
        experiment.name(),
        spec.gameDay().owner(),
        spec.gameDay().environment(),
        spec.trigger(),
        planHash,
        spec.traceId(),
        experiment.radius(),
        experiment.hypothesis(),
        spec.telemetry().every());
  }

  private boolean baseline() {
    RunPlan resolved = plan.orElseThrow();
    Discovery found = resolved.discovery().orElseThrow();
    log.record(
        new SignalsFound(
            loop.now(), found.packs(), found.series(), resolved.callGraph(), found.unseen()));
    log.record(
        new WatchBegan(
            loop.now(),
            experiment.halt().smallestEffect(),
            experiment.halt().falseHaltBudget(),
            spec.telemetry().callGraph()));
    spec.calibrated().ifPresent(known -> log.record(new FalseHaltsMeasured(loop.now(), known)));
    Lookout eyes = new Lookout(loop, log, source, spec, resolved, detectors);
    lookout = Optional.of(eyes);
    watching = true;
    enter(Phase.BASELINE);
    pump(this::halted, after(experiment.timing().baseline()));
    if (halted()) {
      return false;
    }
    if (!eyes.steady()) {
      refusals.add("the steady state does not hold before the injection: " + eyes.unsteady());
      return false;
    }
    return true;
  }

  private void inject() {
    RunPlan resolved = plan.orElseThrow();
    Coverage seen = lookout.orElseThrow().injected();
    coverage = Optional.of(seen);
    log.record(taken(seen));
    if (seen.watched().isEmpty()) {
      refusals.add("nothing outside the blast radius has a usable baseline");
      return;
    }
    // The user's own undo actions are armed first, so that they are undone last.
    resolved.rollbacks().forEach(planned -> faults.add(active(planned, true)));
    resolved.faults().forEach(planned -> faults.add(active(planned, false)));
    enter(Phase.INJECT);
    InjectionCrew crew = new InjectionCrew(loop, log, guard, faults, resolved.callGraph());
    injection = Optional.of(crew);
    pump(() -> crew.done() || halted(), Long.MAX_VALUE);
    crew.problem().ifPresent(this::accept);
  }

  private BaselineTaken taken(Coverage seen) {
    SortedMap<String, String> unwatchable = new TreeMap<>();
    for (Map.Entry<SeriesId, String> entry : seen.unwatchable().entrySet()) {
      unwatchable.put(entry.getKey().toString(), entry.getValue());
    }
    return new BaselineTaken(
        loop.now(),
        List.copyOf(seen.servicesWatched()),
        seen.withoutData(),
        seen.watched().size(),
        unwatchable);
  }

  private ActiveFault active(FaultPlan planned, boolean undoOnly) {
    FaultInjector injector = injectors.find(planned.request().kind()).orElseThrow();
    return new ActiveFault(planned, injector, undoOnly);
  }

  private void observe() {
    if (halted() || !refusals.isEmpty()) {
      return;
    }
    enter(Phase.OBSERVE);
    pump(() -> halted() || allOver(), Long.MAX_VALUE);
  }

  private boolean allOver() {
    long now = loop.nanoTime();
    return faults.stream().allMatch(fault -> fault.undoOnly || fault.over(now));
  }

  /** Whether each fault that was armed is verified to be gone. To be asked after the run. */
  public boolean leftNothing() {
    return faults.stream().noneMatch(fault -> fault.state == ActiveFault.State.ABANDONED);
  }

  private Outcome rollBackAndClose() {
    injection.ifPresent(InjectionCrew::stop);
    if (faults.stream().anyMatch(fault -> !fault.settled())) {
      rollBack();
      recover();
    }
    Judgement judgement = judge();
    enter(Phase.CLOSED);
    log.record(new RunClosed(loop.now(), judgement.outcome(), judgement.reason()));
    LOG.info(
        "run closed run={} experiment={} outcome={}",
        spec.id(),
        experiment.name(),
        judgement.outcome());
    return judgement.outcome();
  }

  private void rollBack() {
    enter(Phase.ROLLBACK);
    lookout.ifPresent(Lookout::rollingBack);
    for (int i = faults.size() - 1; i >= 0; i--) {
      rollback.take(faults.get(i));
    }
    long deadline = after(LONGEST_ROLLBACK);
    // In this order: a start that comes back must not pass unseen while an undo is awaited.
    pump(() -> noStartUnderWay() && rollback.allAcknowledged(), deadline);
    lookout.ifPresent(Lookout::rolledBack);
    pump(() -> noStartUnderWay() && rollback.settled(), deadline);
    releaseWhatIsGone();
    rollback.abandon();
  }

  /** A start that answers only now may have taken effect after its undo: undo it again. */
  private boolean noStartUnderWay() {
    boolean none = true;
    for (ActiveFault fault : faults) {
      if (fault.starting) {
        none = false;
        fault.undoAfterStart = true;
      } else if (fault.undoAfterStart) {
        fault.undoAfterStart = false;
        rollback.undoAgain(fault);
        none = false;
      }
    }
    return none;
  }

  private void recover() {
    enter(Phase.RECOVERY);
    Lookout eyes = lookout.orElseThrow();
    pump(() -> eyes.recovered() || !watching, after(experiment.timing().recovery()));
  }

  private Judgement judge() {
    boolean injected = faults.stream().anyMatch(fault -> !fault.undoOnly && fault.undo.isPresent());
    List<String> whyNothing = new ArrayList<>(refusals);
    halt.filter(cause -> !injected && cause.kind() == HaltCause.Kind.FAULT)
        .ifPresent(cause -> whyNothing.add(cause.detail()));
    return OutcomeJudge.judge(
        new Evidence(
            whyNothing,
            halt,
            named(ActiveFault.State.ABANDONED, "the rollback of %s is not verified"),
            unconfirmed(),
            lookout.map(Lookout::findings).orElse(List.of()),
            lookout.map(Lookout::breaches).orElse(List.of()),
            lookout.map(Lookout::looks).orElse(0),
            lookout.map(Lookout::looksWithEvidence).orElse(0),
            coverage.map(Coverage::withoutData).orElse(List.of()),
            looksAtOutside()));
  }

  private SortedMap<ServiceName, Integer> looksAtOutside() {
    SortedMap<ServiceName, Integer> looks =
        lookout.map(Lookout::looksAtOutside).orElseGet(TreeMap::new);
    looks.keySet().retainAll(coverage.map(Coverage::servicesWatched).orElseGet(TreeSet::new));
    return looks;
  }

  private List<String> named(ActiveFault.State state, String sentence) {
    return faults.stream()
        .filter(fault -> fault.state == state)
        .map(fault -> sentence.formatted(fault.describe()))
        .toList();
  }

  private List<String> unconfirmed() {
    return faults.stream()
        .filter(fault -> fault.mustBite() && !fault.confirmed)
        .map(ActiveFault::describe)
        .toList();
  }

  private void enter(Phase phase) {
    LOG.info("phase entered run={} phase={}", spec.id(), phase);
    log.record(new PhaseEntered(loop.now(), phase));
  }

  private void accept(HaltCause cause) {
    if (halt.isPresent()) {
      return;
    }
    halt = Optional.of(cause);
    injection.ifPresent(InjectionCrew::stop);
    LOG.warn("run halted run={} by={} reason={}", spec.id(), cause.kind(), cause.detail());
    if (opened) {
      log.record(new Halted(loop.now(), cause));
    }
  }

  private boolean halted() {
    return halt.isPresent();
  }

  private long after(Duration duration) {
    return loop.nanoTime() + duration.toNanos();
  }

  /** Does what is due and hears messages, until the condition holds or the time is over. */
  private void pump(BooleanSupplier done, long untilNanos) {
    while (!done.getAsBoolean() && loop.nanoTime() - untilNanos < 0) {
      try {
        long due = advanceUntil();
        if (!done.getAsBoolean()) {
          loop.next(Math.min(untilNanos, due));
        }
      } catch (InterruptedException e) {
        interrupted = true;
        accept(new HaltCause(HaltCause.Kind.PERSON, "the run was interrupted", loop.now()));
      } catch (RuntimeException e) {
        breakDown(e);
      }
    }
  }

  /** Does what is due; says when something is due again. */
  private long advanceUntil() {
    try {
      advance();
      return dueNanos();
    } catch (RuntimeException e) {
      breakDown(e);
      // Messages are heard also when each turn breaks.
      return loop.nanoTime() + PAUSE_WHEN_BROKEN.toNanos();
    }
  }

  /** What sees may be broken; what rolls back goes on. */
  private void breakDown(RuntimeException e) {
    LOG.error("run broke run={}", spec.id(), e);
    watching = false;
    accept(new HaltCause(HaltCause.Kind.INTERNAL, "Firebreak broke: " + e, loop.now()));
  }

  private void advance() {
    // First of all: a fault that waits for its undo waits for nothing else.
    rollback.advance();
    if (watching) {
      look();
    }
    keepLease();
    if (!halted()) {
      injection.ifPresent(InjectionCrew::advance);
    }
    rollBackWhatIsOver();
    log.failure().ifPresent(this::journalFailed);
  }

  /**
   * The last first: what a later fault of the same target found and will restore holds the earlier
   * one, so that the earlier one waits for it.
   */
  private void rollBackWhatIsOver() {
    long now = loop.nanoTime();
    Set<ServiceName> covered = new HashSet<>();
    for (int i = faults.size() - 1; i >= 0; i--) {
      ActiveFault fault = faults.get(i);
      if (fault.over(now) && !covered.contains(fault.service())) {
        rollback.take(fault);
      }
      if (fault.covers()) {
        covered.add(fault.service());
      }
    }
  }

  /**
   * Renews only while there is fresh sight of the system: a run that is blind may not keep its
   * faults in place, whatever its halt conditions say. Once it is halted, that it goes on rolling
   * back is enough.
   */
  private void keepLease() {
    releaseWhatIsGone();
    if (opened && !halted()) {
      guard
          .lost(Duration.ZERO)
          .ifPresent(why -> accept(new HaltCause(HaltCause.Kind.INTERNAL, why, loop.now())));
    }
    boolean alert = halted() || lookout.map(Lookout::sighted).orElse(false);
    if (guarded() && alert && leftNothing() && loop.nanoTime() - renewalDueNanos >= 0) {
      guard.renew();
      renewalDueNanos = after(Guard.RENEWAL);
    }
  }

  private boolean guarded() {
    return faults.stream().anyMatch(fault -> fault.guarded);
  }

  private void releaseWhatIsGone() {
    for (ActiveFault fault : faults) {
      if (fault.guarded && fault.state == ActiveFault.State.VERIFIED) {
        fault.guarded = false;
        guard.release(fault.id());
      }
    }
  }

  private void look() {
    Lookout eyes = lookout.orElseThrow();
    eyes.advance();
    eyes.cause().ifPresent(this::accept);
    injection.ifPresent(crew -> crew.confirm(eyes));
  }

  private void journalFailed(JournalException e) {
    String problem = "the journal cannot be written: " + e.getMessage();
    accept(new HaltCause(HaltCause.Kind.INTERNAL, problem, loop.now()));
  }

  private long dueNanos() {
    long due = rollback.dueNanos();
    if (guarded()) {
      due = Math.min(due, Math.max(renewalDueNanos, loop.nanoTime() + LEAST_WAIT.toNanos()));
    }
    if (watching) {
      due = Math.min(due, lookout.map(Lookout::dueNanos).orElse(Long.MAX_VALUE));
      due = Math.min(due, injection.map(InjectionCrew::dueNanos).orElse(Long.MAX_VALUE));
    }
    long now = loop.nanoTime();
    for (ActiveFault fault : faults) {
      // One that is over already waits for a message, not for time.
      if (fault.running(now)) {
        due = Math.min(due, fault.endsAtNanos);
      }
    }
    return due;
  }
}
