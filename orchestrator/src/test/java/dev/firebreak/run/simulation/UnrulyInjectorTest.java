package dev.firebreak.run.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.cascade.CascadeDetectors;
import dev.firebreak.experiment.BlastRadius;
import dev.firebreak.experiment.Experiment;
import dev.firebreak.experiment.GameDay;
import dev.firebreak.experiment.HaltPolicy;
import dev.firebreak.experiment.SteadyStateHypothesis;
import dev.firebreak.experiment.Telemetry;
import dev.firebreak.fault.FaultDescription;
import dev.firebreak.fault.FaultId;
import dev.firebreak.fault.FaultInjector;
import dev.firebreak.fault.FaultKind;
import dev.firebreak.fault.FaultPlan;
import dev.firebreak.fault.FaultRequest;
import dev.firebreak.fault.Injectors;
import dev.firebreak.fault.Observation;
import dev.firebreak.fault.Undo;
import dev.firebreak.run.HaltCause;
import dev.firebreak.run.Outcome;
import dev.firebreak.run.Run;
import dev.firebreak.run.RunEvent;
import dev.firebreak.run.RunEvent.RollbackAbandoned;
import dev.firebreak.run.RunEvent.RunClosed;
import dev.firebreak.run.RunId;
import dev.firebreak.run.RunListener;
import dev.firebreak.run.RunSpec;
import dev.firebreak.run.Trigger;
import dev.firebreak.service.CallGraph;
import dev.firebreak.service.ServiceName;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What the simulation found, one case each. */
class UnrulyInjectorTest {
  private static final FaultKind SLOW = FaultKind.of("unruly/slow");
  private static final ServiceName STOCK = ServiceName.of("stock");
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final WorldLoop loop =
      new WorldLoop(Instant.parse("2026-11-23T10:00:00Z"), new SplittableRandom(1));
  private final World world =
      new World(
          loop,
          List.of(ServiceName.of("web"), STOCK),
          new CallGraph(Set.of(new CallGraph.Edge(ServiceName.of("web"), STOCK))));
  private final WorldJournal journal = new WorldJournal();
  private final Set<FaultId> inPlace = new HashSet<>();

  /** Honest, unless a test makes it otherwise. */
  private class Unruly implements FaultInjector {
    @Override
    public List<FaultDescription> faults() {
      return List.of(new FaultDescription(SLOW, "slows", List.of(), List.of(), true));
    }

    @Override
    public FaultPlan plan(FaultId id, FaultRequest request) {
      return new FaultPlan(id, request, "a target", Map.of());
    }

    @Override
    public Undo arm(FaultPlan plan) {
      return new Undo(plan.id(), SLOW, Map.of());
    }

    @Override
    public void start(FaultPlan plan, Undo undo) {
      inPlace.add(plan.id());
    }

    @Override
    public void rollBack(Undo undo) {
      inPlace.remove(undo.id());
    }

    @Override
    public Observation look(Undo undo) {
      return inPlace.contains(undo.id())
          ? Observation.present("slow")
          : Observation.gone("not there");
    }
  }

  @Test
  void aStartThatTakesEffectAfterItsUndoIsUndoneAgain() {
    Run run =
        run(
            new Unruly() {
              @Override
              public void start(FaultPlan plan, Undo undo) {
                loop.holdReplyUp(Duration.ofSeconds(25));
                loop.after(Duration.ofSeconds(25), () -> inPlace.add(plan.id()));
              }
            },
            event -> {});
    loop.after(MINUTE.plusSeconds(3), () -> run.halt(enough()));

    assertThat(run.execute()).isEqualTo(Outcome.ABORTED);
    loop.settle(MINUTE);
    assertThat(inPlace).isEmpty();
  }

  @Test
  void aStartThatNeverAnswersHoldsNobodyUpAndIsNotCalledVerified() {
    Run run =
        run(
            new Unruly() {
              @Override
              public void start(FaultPlan plan, Undo undo) {
                loop.neverReply();
              }
            },
            event -> {});

    assertThat(run.execute()).isEqualTo(Outcome.FAILED);
    assertThat(journal.events()).anyMatch(RollbackAbandoned.class::isInstance);
  }

  @Test
  void anUndoThatNeverAnswersIsTriedAgain() {
    Run run =
        run(
            new Unruly() {
              private boolean asked;

              @Override
              public void rollBack(Undo undo) {
                if (asked) {
                  super.rollBack(undo);
                } else {
                  asked = true;
                  loop.neverReply();
                }
              }
            },
            event -> {});

    assertThat(run.execute()).isEqualTo(Outcome.HELD);
    assertThat(inPlace).isEmpty();
  }

  @Test
  void aListenerThatThrowsKeepsNoFaultInPlace() {
    Run run =
        run(
            new Unruly(),
            event -> {
              throw new IllegalStateException("this one is for the test");
            });

    assertThat(run.execute()).isEqualTo(Outcome.HELD);
    assertThat(inPlace).isEmpty();
  }

  @Test
  void aCodecThatBreaksKeepsNoFaultInPlace() {
    Run run = run(new Unruly(), event -> {});
    loop.after(MINUTE.plusSeconds(3), () -> journal.state = WorldJournal.State.BROKEN);

    assertThat(run.execute()).isEqualTo(Outcome.FAILED);
    assertThat(inPlace).isEmpty();
  }

  @Test
  void anInjectorOfAnotherVersionIsARefusalThatNamesIt() {
    Run run =
        run(
            new Unruly() {
              @Override
              public FaultPlan plan(FaultId id, FaultRequest request) {
                throw new NoSuchMethodError("this one is for the test");
              }
            },
            event -> {});

    assertThat(run.execute()).isEqualTo(Outcome.REFUSED);
    List<RunEvent> events = journal.events();
    assertThat(events.get(events.size() - 1))
        .isInstanceOfSatisfying(
            RunClosed.class,
            closed -> assertThat(closed.reason()).contains("unruly/slow", "NoSuchMethodError"));
  }

  @Test
  void whatAnotherFaultDoesToAServiceConfirmsNoFaultOfItsOwn() {
    ServiceName web = ServiceName.of("web");
    world.target(web).bites = false;
    world.target(ServiceName.of("mail"));
    world.spreads = true;
    world.othersAct();
    Run run =
        run(
            new WorldInjector(world, new SplittableRandom(3), Moods.calm(), id -> {}),
            event -> {},
            WorldInjector.ENTRY,
            List.of(STOCK, web));

    assertThat(run.execute()).isEqualTo(Outcome.INVALID);
  }

  @Test
  void aClockThatIsSetDuringTheFaultHidesNoEscape() {
    world.target(ServiceName.of("mail"));
    world.tiedUnseen.add(ServiceName.of("mail"));
    world.othersAct();
    Run run =
        run(
            new WorldInjector(world, new SplittableRandom(3), Moods.calm(), id -> {}),
            event -> {},
            WorldInjector.ENTRY,
            List.of(STOCK));
    loop.after(MINUTE.plusMillis(300), () -> loop.jump(Duration.ofHours(1)));

    assertThat(run.execute()).isEqualTo(Outcome.CASCADED);
  }

  private HaltCause enough() {
    return new HaltCause(HaltCause.Kind.PERSON, "enough", loop.now());
  }

  private Run run(FaultInjector injector, RunListener listener) {
    return run(injector, listener, SLOW, List.of(STOCK));
  }

  private Run run(
      FaultInjector injector, RunListener listener, FaultKind kind, List<ServiceName> into) {
    Telemetry.Scrape scrape =
        new Telemetry.Scrape(
            List.of(
                new Telemetry.ScrapeTarget(
                    URI.create("http://127.0.0.1:1/metrics"), Optional.of(STOCK))));
    Experiment experiment =
        new Experiment(
            "slow stock",
            SteadyStateHypothesis.none(),
            BlastRadius.of(into.toArray(ServiceName[]::new)),
            into.stream()
                .map(service -> new FaultRequest(kind, service, Map.of(), Map.of(), MINUTE))
                .toList(),
            List.of(),
            HaltPolicy.DEFAULT,
            Experiment.Timing.DEFAULT);
    return new Run(
        new RunSpec(
            new RunId("20261123-100000-abcdef"),
            new GameDay.Metadata("weekly", "team-shop", "test"),
            new Telemetry(scrape, Telemetry.DEFAULT_EVERY, world.calls),
            experiment,
            Trigger.MANUAL,
            "0123456789abcdef0123456789abcdef"),
        new Injectors(List.of(injector)),
        new WorldSource(world, new SplittableRandom(2)),
        CascadeDetectors.online(),
        loop,
        journal,
        listener);
  }
}
