package dev.firebreak.run.simulation;

import dev.firebreak.cascade.CascadeDetectors;
import dev.firebreak.experiment.BlastRadius;
import dev.firebreak.experiment.ExpectedBound;
import dev.firebreak.experiment.Experiment;
import dev.firebreak.experiment.GameDay;
import dev.firebreak.experiment.HaltPolicy;
import dev.firebreak.experiment.HaltPolicy.Condition;
import dev.firebreak.experiment.SmallestEffect;
import dev.firebreak.experiment.SteadyStateHypothesis;
import dev.firebreak.experiment.SteadyStateHypothesis.SteadyStateProbe;
import dev.firebreak.experiment.Telemetry;
import dev.firebreak.experiment.Tolerance;
import dev.firebreak.fault.FaultId;
import dev.firebreak.fault.FaultKind;
import dev.firebreak.fault.FaultRequest;
import dev.firebreak.fault.Injectors;
import dev.firebreak.fault.PlaceboInjector;
import dev.firebreak.run.HaltCause;
import dev.firebreak.run.Outcome;
import dev.firebreak.run.Run;
import dev.firebreak.run.RunEvent;
import dev.firebreak.run.RunEvent.BaselineTaken;
import dev.firebreak.run.RunEvent.FaultArmed;
import dev.firebreak.run.RunEvent.InjectionSent;
import dev.firebreak.run.RunId;
import dev.firebreak.run.RunListener;
import dev.firebreak.run.RunSpec;
import dev.firebreak.run.Trigger;
import dev.firebreak.service.CallGraph;
import dev.firebreak.service.ServiceName;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * One GameDay of one or two experiments in one world, all of it drawn from a seed: the system, the
 * experiments, and what goes wrong. The same seed gives the same GameDay.
 */
final class SimulatedGameDay {
  private static final Instant START = Instant.parse("2026-11-23T10:00:00Z");
  private static final List<String> NAMES =
      List.of("web", "cart", "stock", "search", "payments", "mail", "ads");

  /** Above what any run needs when every answer takes as long as it may. */
  private static final Duration LONGEST_RUN = Duration.ofMinutes(12);

  /** A slow effect or a late reply is over by then. */
  private static final Duration SETTLING = Duration.ofMinutes(2);

  /** So many looks that show a service fifty times slower leave nothing to guess. */
  private static final int UNMISTAKABLE = 8;

  private final SplittableRandom random;
  private final WorldLoop loop;
  private final World world;
  private final WorldSource source;
  private final WorldInjector injector;
  private final WorldJournal journal = new WorldJournal();
  private final List<RunEvent> told = new ArrayList<>();
  private final List<Outcome> outcomes = new ArrayList<>();
  private final Set<FaultId> abandoned = new HashSet<>();
  private final boolean graphKnown;
  private final double listenerThrows;
  private Consumer<HaltCause> halter = cause -> {};
  private boolean slowAnywayUsed;
  private final boolean calm;
  private Optional<Witness> witness = Optional.empty();

  private SimulatedGameDay(long seed) {
    random = new SplittableRandom(seed);
    loop = new WorldLoop(START, random.split());
    List<ServiceName> services =
        NAMES.subList(0, 4 + random.nextInt(4)).stream().map(ServiceName::of).toList();
    world = new World(loop, services, calls(services));
    graphKnown = random.nextInt(5) > 0;
    calm = random.nextInt(4) == 0;
    Moods moods = calm ? Moods.calm() : Moods.drawn(random);
    listenerThrows = !calm && random.nextInt(8) == 0 ? random.nextDouble() : 0;
    source = new WorldSource(world, random.split());
    injector =
        new WorldInjector(
            world, random.split(), moods, id -> witness.ifPresent(w -> w.starting(id)));
    furnish();
  }

  /** What a GameDay came to. */
  record Result(
      long seed,
      List<Outcome> outcomes,
      List<RunEvent> told,
      List<String> chronicle,
      List<String> violations) {}

  static Result play(long seed) {
    SimulatedGameDay day = new SimulatedGameDay(seed);
    try {
      day.play();
    } catch (RuntimeException | Error e) {
      day.world.violated("the run threw " + e + " at " + List.of(e.getStackTrace()).subList(0, 5));
    }
    return new Result(
        seed,
        List.copyOf(day.outcomes),
        List.copyOf(day.told),
        List.copyOf(day.world.chronicle),
        List.copyOf(day.world.violations));
  }

  /** Each calls the next, and some call further. */
  private CallGraph calls(List<ServiceName> services) {
    Set<CallGraph.Edge> edges = new HashSet<>();
    for (int i = 0; i + 1 < services.size(); i++) {
      if (random.nextInt(4) > 0) {
        edges.add(new CallGraph.Edge(services.get(i), services.get(i + 1)));
      }
      if (i + 2 < services.size() && random.nextInt(4) == 0) {
        edges.add(new CallGraph.Edge(services.get(i), services.get(i + 2)));
      }
    }
    return new CallGraph(edges);
  }

  private void furnish() {
    for (Target target : world.targets.values()) {
      for (int i = random.nextInt(3); i > 0; i--) {
        target.register.put("of-somebody-" + i, "bytes " + random.nextInt(1_000));
      }
      target.bites = random.nextInt(10) > 0;
      target.goneForSure = random.nextBoolean();
    }
    world.spreads = random.nextInt(3) == 0;
    world.spreadsAfter = Duration.ofSeconds(random.nextInt(12));
    world.othersAct();
  }

  private void play() {
    int experiments = 1 + random.nextInt(2);
    planTheWorst(experiments);
    for (int i = 1; i <= experiments; i++) {
      if (outcomes.stream().anyMatch(outcome -> outcome.compareTo(Outcome.DEVIATED) > 0)) {
        return;
      }
      run(i);
    }
  }

  private void planTheWorst(int experiments) {
    Duration span = Duration.ofSeconds(150L * experiments);
    if (random.nextInt(4) == 0) {
      somebody(0.6).ifPresent(world.tiedUnseen::add);
    }
    if (calm) {
      return;
    }
    int troubles = random.nextInt(5);
    for (int i = 0; i < troubles; i++) {
      loop.after(within(span), trouble(within(Duration.ofSeconds(90))));
    }
  }

  private Optional<ServiceName> somebody(double probability) {
    List<ServiceName> services = List.copyOf(world.targets.keySet());
    return random.nextDouble() < probability
        ? Optional.of(services.get(random.nextInt(services.size())))
        : Optional.empty();
  }

  private Duration within(Duration span) {
    return Duration.ofNanos(random.nextLong(span.toNanos()));
  }

  private Runnable trouble(Duration lasting) {
    List<Target> targets = List.copyOf(world.targets.values());
    Target target = targets.get(random.nextInt(targets.size()));
    int dice = random.nextInt(14);
    return switch (dice) {
      case 0, 1 -> () -> halt("a person", 1);
      case 2 -> () -> halt("a hundred callers", 100);
      case 3 -> loop::interrupt;
      case 4 -> () -> loop.jump(jump());
      case 5, 6 -> {
        WorldSource.Failure how = pick(WorldSource.Failure.values());
        yield () -> {
          source.fails(how);
          loop.after(lasting, () -> source.fails(WorldSource.Failure.NONE));
        };
      }
      case 7 -> {
        boolean broken = random.nextInt(3) == 0;
        boolean recovers = random.nextBoolean();
        yield () -> fillDisk(broken, recovers, lasting);
      }
      case 8 -> {
        boolean keeps = random.nextBoolean();
        yield () -> restart(target, keeps, lasting);
      }
      case 9 -> () -> lose(target);
      case 10 -> () -> slowAnyway(target, lasting);
      case 11 -> () -> changeByOthers(target);
      case 12 -> {
        boolean sending = random.nextBoolean();
        yield () ->
            journal.trap =
                event -> sending ? event instanceof InjectionSent : event instanceof FaultArmed;
      }
      default -> () -> injector.stuck.add(target.service);
    };
  }

  private <T> T pick(T[] of) {
    return of[random.nextInt(of.length)];
  }

  private void halt(String who, int callers) {
    world.note("halt by " + who);
    for (int i = 0; i < callers; i++) {
      halter.accept(new HaltCause(HaltCause.Kind.PERSON, who, loop.now()));
    }
  }

  private Duration jump() {
    List<Duration> jumps =
        List.of(
            Duration.ofHours(1),
            Duration.ofHours(-1),
            Duration.ofSeconds(1),
            Duration.ofSeconds(-1),
            Duration.ofDays(1),
            Duration.ofMinutes(-10));
    Duration by = jumps.get(random.nextInt(jumps.size()));
    world.note("the wall clock jumps by " + by);
    return by;
  }

  private void fillDisk(boolean broken, boolean recovers, Duration lasting) {
    journal.state = broken ? WorldJournal.State.BROKEN : WorldJournal.State.FULL;
    world.note("disk " + journal.state);
    if (recovers) {
      loop.after(lasting, () -> journal.state = WorldJournal.State.WELL);
    }
  }

  private void restart(Target target, boolean keeps, Duration lasting) {
    world.note(target.service + " restarts and " + (keeps ? "keeps" : "loses") + " its faults");
    long away = Math.min(lasting.toNanos(), Duration.ofSeconds(20).toNanos());
    target.awayUntilNanos = loop.nanoTime() + away;
    if (!keeps) {
      target.forgetFaults();
    }
    othersActed();
  }

  private void lose(Target target) {
    world.note(target.service + " is gone");
    target.gone = true;
    target.forgetFaults();
    othersActed();
  }

  private void slowAnyway(Target target, Duration lasting) {
    world.note(target.service + " is slow for reasons of its own");
    slowAnywayUsed = true;
    world.slowAnyway.add(target.service);
    loop.after(lasting, () -> world.slowAnyway.remove(target.service));
  }

  private void changeByOthers(Target target) {
    world.note("somebody changes " + target.service);
    target.changeSettingOfOthers("v2 of " + loop.elapsed().toSeconds());
    target.register.put("of-somebody-new", loop.elapsed().toString());
    othersActed();
  }

  private void othersActed() {
    world.othersAct();
    world.feel();
  }

  private void run(int number) {
    RunSpec spec = specify(number);
    Witness present = new Witness(world, journal, source);
    witness = Optional.of(present);
    source.forgetWhatWasShown();
    SplittableRandom dice = random.split();
    RunListener moody =
        event -> {
          present.on(event);
          if (listenerThrows > 0 && dice.nextDouble() < listenerThrows) {
            throw new IllegalStateException("the listener broke");
          }
        };
    Run run =
        new Run(
            spec,
            new Injectors(List.of(injector, new PlaceboInjector())),
            source,
            CascadeDetectors.online(),
            loop,
            journal,
            moody);
    halter = run::halt;
    Duration began = loop.elapsed();
    Outcome outcome = run.execute();
    // A run restores the flag of an interruption; the next run is another thread's.
    boolean unused = Thread.interrupted();
    halter = cause -> {};
    outcomes.add(outcome);
    told.addAll(present.told);
    abandoned.addAll(present.abandoned);
    present.closed();
    check(spec.experiment(), outcome, present, loop.elapsed().minus(began));
    loop.settle(SETTLING);
    checkNothingIsLeft(outcome, "two minutes later");
  }

  private void check(Experiment experiment, Outcome outcome, Witness present, Duration took) {
    if (took.compareTo(LONGEST_RUN) > 0) {
      world.violated("the run took " + took);
    }
    checkNothingIsLeft(outcome, "at the end");
    if (outcome != Outcome.HELD) {
      return;
    }
    if (present.halts()) {
      world.violated("HELD although it was halted");
    }
    checkBites(experiment, present);
    checkNothingEscaped(experiment, present);
    if (source.lacksEvidence()) {
      world.violated("HELD without evidence in " + source.evidence());
    }
    for (ServiceName watched : present.watched) {
      if (source.lacks(watched)) {
        world.violated("HELD without evidence about " + watched + " in " + source.evidence());
      }
    }
    if (!experiment.hypothesis().probes().isEmpty() && source.lacksWeb()) {
      world.violated("HELD without evidence of the hypothesis in " + source.evidence());
    }
  }

  private void checkNothingIsLeft(Outcome outcome, String when) {
    for (ServiceName service : world.faulty()) {
      Target target = world.target(service);
      for (String state : states(target)) {
        FaultId fault = FaultId.of(state.substring(Target.MARK.length()));
        if (outcome != Outcome.FAILED || !abandoned.contains(fault)) {
          world.violated("%s is left on %s %s, %s".formatted(fault, service, when, outcome));
        }
      }
    }
  }

  private static List<String> states(Target target) {
    Set<String> states = new TreeSet<>(target.register.keySet());
    states.add(target.setting);
    return states.stream().filter(state -> state.startsWith(Target.MARK)).toList();
  }

  /**
   * Two faults on one target cannot be told apart by what is seen of the service, nor can a fault
   * and a loss or restart that happens to fall together with it.
   */
  private void checkBites(Experiment experiment, Witness present) {
    for (RunEvent event : present.told) {
      if (event instanceof FaultArmed armed && isReal(armed.kind())) {
        boolean alone =
            experiment.method().stream()
                    .filter(request -> request.service().equals(armed.service()))
                    .count()
                == 1;
        if (alone
            && !world.tiedUnseen.contains(armed.service())
            && !world.everBit(armed.fault().value())
            && world.target(armed.service()).awayUntilNanos == 0
            && !world.target(armed.service()).gone
            && !slowAnywayUsed) {
          world.violated("HELD although it never bit: " + armed.fault());
        }
      }
    }
  }

  private static boolean isReal(FaultKind kind) {
    return kind.equals(WorldInjector.ENTRY) || kind.equals(WorldInjector.SETTING);
  }

  private void checkNothingEscaped(Experiment experiment, Witness present) {
    Set<ServiceName> watched = new HashSet<>();
    for (RunEvent event : present.told) {
      if (event instanceof BaselineTaken taken) {
        watched.addAll(taken.servicesWatched());
      }
    }
    for (ServiceName service : watched) {
      if (experiment.radius().watchesOutside(service)
          && !slowAnywayUsed
          && source.mostShown(service) >= UNMISTAKABLE) {
        world.violated(
            "HELD although the fault was seen to reach %s in %d looks"
                .formatted(service, source.mostShown(service)));
      }
    }
  }

  private RunSpec specify(int number) {
    Telemetry.Scrape scrape =
        new Telemetry.Scrape(
            List.of(
                new Telemetry.ScrapeTarget(
                    URI.create("http://127.0.0.1:1/metrics"), Optional.of(ServiceName.of("web")))));
    Duration every = Duration.ofSeconds(random.nextBoolean() ? 5 : 2);
    return new RunSpec(
        new RunId("20261123-100000-00000" + number),
        new GameDay.Metadata("weekly", "team-shop", "test"),
        new Telemetry(scrape, every, graphKnown ? world.calls : new CallGraph(Set.of())),
        experiment(),
        Trigger.MANUAL,
        "0123456789abcdef0123456789abcdef");
  }

  private Experiment experiment() {
    List<ServiceName> services = List.copyOf(world.targets.keySet());
    List<ServiceName> injected = new ArrayList<>();
    injected.add(services.get(random.nextInt(services.size())));
    if (random.nextInt(3) == 0) {
      ServiceName other = services.get(random.nextInt(services.size()));
      if (!injected.contains(other)) {
        injected.add(other);
      }
    }
    List<FaultRequest> method = new ArrayList<>();
    int faults = Math.max(injected.size(), 1 + random.nextInt(3));
    for (int i = 0; i < faults; i++) {
      method.add(fault(injected.get(i % injected.size())));
    }
    List<FaultRequest> undos = new ArrayList<>();
    if (random.nextInt(4) == 0) {
      undos.add(request(WorldInjector.RESTORE, injected.get(0), Duration.ofSeconds(1)));
    }
    return new Experiment(
        "simulated",
        hypothesis(),
        new BlastRadius(new HashSet<>(injected), expected(injected), Optional.empty()),
        method,
        undos,
        new HaltPolicy(conditions(), HaltPolicy.DEFAULT_BLIND_AFTER, SmallestEffect.DEFAULT),
        new Experiment.Timing(
            Duration.ofSeconds(30 + random.nextInt(40)), Duration.ofSeconds(random.nextInt(40))));
  }

  private FaultRequest fault(ServiceName service) {
    FaultKind kind =
        switch (random.nextInt(8)) {
          case 0 -> FaultKind.PLACEBO;
          case 1, 2, 3 -> WorldInjector.ENTRY;
          default -> WorldInjector.SETTING;
        };
    return request(kind, service, Duration.ofSeconds(1 + random.nextInt(70)));
  }

  private static FaultRequest request(FaultKind kind, ServiceName service, Duration duration) {
    return new FaultRequest(kind, service, Map.of(), Map.of(), duration);
  }

  private SteadyStateHypothesis hypothesis() {
    return random.nextBoolean()
        ? SteadyStateHypothesis.none()
        : new SteadyStateHypothesis(
            "the web is fast",
            List.of(
                new SteadyStateProbe(
                    "fast", World.P95.name(), ServiceName.of("web"), Tolerance.atMost(0.2))));
  }

  private Map<ServiceName, ExpectedBound> expected(List<ServiceName> injected) {
    Map<ServiceName, ExpectedBound> expected = new TreeMap<>();
    for (CallGraph.Edge edge : new TreeMap<>(byCaller()).values()) {
      boolean calls = injected.contains(edge.callee()) && !injected.contains(edge.caller());
      if (calls && random.nextBoolean()) {
        expected.put(edge.caller(), ExpectedBound.UNBOUNDED);
      }
    }
    return expected;
  }

  /** In one order for all JVMs. */
  private Map<String, CallGraph.Edge> byCaller() {
    Map<String, CallGraph.Edge> edges = new TreeMap<>();
    world.calls.edges().forEach(edge -> edges.put(edge.caller() + ">" + edge.callee(), edge));
    return edges;
  }

  private Set<Condition> conditions() {
    return switch (random.nextInt(6)) {
      case 0 -> EnumSet.of(Condition.CASCADE);
      case 1 -> EnumSet.of(Condition.CASCADE, Condition.HYPOTHESIS);
      case 2 -> EnumSet.of(Condition.BLIND);
      default -> EnumSet.allOf(Condition.class);
    };
  }
}
