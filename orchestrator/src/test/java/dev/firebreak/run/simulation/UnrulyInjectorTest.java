package dev.firebreak.run.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.fault.FaultId;
import dev.firebreak.fault.FaultPlan;
import dev.firebreak.fault.FaultRequest;
import dev.firebreak.run.Outcome;
import dev.firebreak.run.Run;
import dev.firebreak.run.RunEvent;
import dev.firebreak.run.RunEvent.RunClosed;
import dev.firebreak.service.ServiceName;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What the simulation found, one case each. */
class UnrulyInjectorTest {
  private final UnrulyBench bench = new UnrulyBench();
  private final WorldLoop loop = bench.loop;
  private final World world = bench.world;

  @Test
  void aListenerThatThrowsKeepsNoFaultInPlace() {
    Run run =
        bench.run(
            bench.new Injector(),
            event -> {
              throw new IllegalStateException("this one is for the test");
            });

    assertThat(run.execute()).isEqualTo(Outcome.HELD);
    assertThat(bench.inPlace).isEmpty();
  }

  @Test
  void aCodecThatBreaksKeepsNoFaultInPlace() {
    Run run = bench.run(bench.new Injector(), event -> {});
    loop.after(
        UnrulyBench.MINUTE.plusSeconds(3), () -> bench.journal.state = WorldJournal.State.BROKEN);

    assertThat(run.execute()).isEqualTo(Outcome.FAILED);
    assertThat(bench.inPlace).isEmpty();
  }

  @Test
  void anInjectorOfAnotherVersionIsARefusalThatNamesIt() {
    Run run =
        bench.run(
            bench.new Injector() {
              @Override
              public FaultPlan plan(FaultId id, FaultRequest request) {
                throw new NoSuchMethodError("this one is for the test");
              }
            },
            event -> {});

    assertThat(run.execute()).isEqualTo(Outcome.REFUSED);
    List<RunEvent> events = bench.journal.events();
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
        bench.run(
            new WorldInjector(world, new SplittableRandom(3), Moods.calm(), id -> {}),
            event -> {},
            WorldInjector.ENTRY,
            List.of(UnrulyBench.STOCK, web));

    assertThat(run.execute()).isEqualTo(Outcome.INVALID);
  }

  @Test
  void aClockThatIsSetDuringTheFaultHidesNoEscape() {
    world.target(ServiceName.of("mail"));
    world.tiedUnseen.add(ServiceName.of("mail"));
    world.othersAct();
    Run run =
        bench.run(
            new WorldInjector(world, new SplittableRandom(3), Moods.calm(), id -> {}),
            event -> {},
            WorldInjector.ENTRY,
            List.of(UnrulyBench.STOCK));
    loop.after(UnrulyBench.MINUTE.plusMillis(300), () -> loop.jump(Duration.ofHours(1)));

    assertThat(run.execute()).isEqualTo(Outcome.CASCADED);
  }
}
