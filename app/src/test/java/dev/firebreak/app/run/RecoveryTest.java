package dev.firebreak.app.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.app.journal.JsonEventCodec;
import dev.firebreak.experiment.BlastRadius;
import dev.firebreak.experiment.SteadyStateHypothesis;
import dev.firebreak.fault.FaultDescription;
import dev.firebreak.fault.FaultId;
import dev.firebreak.fault.FaultInjector;
import dev.firebreak.fault.FaultKind;
import dev.firebreak.fault.FaultPlan;
import dev.firebreak.fault.FaultRequest;
import dev.firebreak.fault.Injectors;
import dev.firebreak.fault.Observation;
import dev.firebreak.fault.RollbackException;
import dev.firebreak.fault.Undo;
import dev.firebreak.journal.EventCodec;
import dev.firebreak.journal.FileJournal;
import dev.firebreak.journal.JournalFile;
import dev.firebreak.journal.SmallDisk;
import dev.firebreak.run.HaltCause;
import dev.firebreak.run.Outcome;
import dev.firebreak.run.Phase;
import dev.firebreak.run.RunEvent;
import dev.firebreak.run.RunEvent.FaultArmed;
import dev.firebreak.run.RunEvent.Halted;
import dev.firebreak.run.RunEvent.InjectionSent;
import dev.firebreak.run.RunEvent.PhaseEntered;
import dev.firebreak.run.RunEvent.RollbackRequested;
import dev.firebreak.run.RunEvent.RollbackVerified;
import dev.firebreak.run.RunEvent.RunClosed;
import dev.firebreak.run.RunEvent.RunOpened;
import dev.firebreak.run.RunId;
import dev.firebreak.run.Trigger;
import dev.firebreak.service.ServiceName;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecoveryTest {
  private static final Instant AT = Instant.parse("2026-11-23T10:00:00Z");
  private static final RunId RUN = new RunId("20261123-100000-abcdef");
  private static final FaultKind FLAG = FaultKind.of("fake/flag");

  private final EventCodec codec = new JsonEventCodec();
  private final Flags flags = new Flags();

  @TempDir private Path home = Path.of("");
  private RunDirectory directory = new RunDirectory(Path.of(""));
  private ActiveRuns activeRuns = new ActiveRuns(home);

  @BeforeEach
  void aRunThatWasLeft() throws Exception {
    activeRuns = new ActiveRuns(home);
    directory = RunDirectory.create(home.resolve("runs"), RUN);
    activeRuns.enter(RUN, directory).close();
  }

  @Test
  void rollsBackVerifiesAndClosesWhatAProcessLeft() throws Exception {
    flags.up.add("f1");
    leave(opened(), phase(Phase.OBSERVE), armed("f1"), new InjectionSent(AT, FaultId.of("f1")));

    assertThat(recovery().sweep(progress -> {})).isEmpty();

    assertThat(flags.up).isEmpty();
    assertThat(events()).last().isInstanceOf(RunClosed.class);
    assertThat(of(RollbackVerified.class)).hasSize(1);
    assertThat(of(RunClosed.class).get(0).outcome()).isEqualTo(Outcome.FAILED);
    assertThat(of(RunClosed.class).get(0).reason()).contains("OBSERVE").contains("recovery");
    assertThat(directory.htmlReport()).exists();
    assertThat(activeRuns.left()).isEmpty();
  }

  @Test
  void aSecondRecoveryFindsNothingToDo() throws Exception {
    leave(opened(), armed("f1"));
    recovery().sweep(progress -> {});
    int calls = flags.calls.size();

    assertThat(recovery().sweep(progress -> {})).isEmpty();
    assertThat(flags.calls).hasSize(calls);
  }

  @Test
  void tellsWhatTheGuardHasDoneAndDoesNotRepeatIt() throws Exception {
    leave(opened(), phase(Phase.OBSERVE), armed("f1"));
    Halted byGuard =
        new Halted(
            AT.plusSeconds(1),
            new HaltCause(HaltCause.Kind.INTERNAL, "the guard rolled back", AT.plusSeconds(1)));
    RollbackVerified verified =
        new RollbackVerified(AT.plusSeconds(4), FaultId.of("f1"), "the flag is down");
    guard(armed("f1"), byGuard, new RollbackRequested(AT, FaultId.of("f1"), 1), verified);

    assertThat(recovery().sweep(progress -> {})).isEmpty();

    assertThat(flags.calls).isEmpty();
    assertThat(events()).containsSubsequence(armed("f1"), byGuard, verified);
    assertThat(of(FaultArmed.class)).hasSize(1);
    assertThat(of(RunClosed.class).get(0).reason()).contains("its guard rolled back");
  }

  @Test
  void anUndoRecordThatOnlyTheGuardHasIsExecuted() throws Exception {
    flags.up.add("f1");
    leave(opened());
    guard(armed("f1"));

    assertThat(recovery().sweep(progress -> {})).isEmpty();
    assertThat(flags.up).isEmpty();
  }

  @Test
  void aDamagedJournalIsRolledBackAsFarAsItIsIntactAndBlocksUntilAcknowledged() throws Exception {
    flags.up.addAll(Set.of("f1", "f2"));
    leave(opened(), armed("f1"), phase(Phase.OBSERVE), armed("f2"), phase(Phase.RECOVERY));
    damageLine(4);

    assertThat(recovery().sweep(progress -> {}))
        .singleElement()
        .asString()
        .contains("line 4 is damaged")
        .contains("--acknowledge");
    assertThat(flags.up).isEmpty();
    assertThat(recovery().sweep(progress -> {})).hasSize(1);

    assertThat(recovery().acknowledge(RUN, "ann: looked at it")).isTrue();
    assertThat(recovery().sweep(progress -> {})).isEmpty();
    assertThat(of(RunClosed.class).get(0).reason()).contains("ann: looked at it");
  }

  @Test
  void aTornEndIsCutAndBlocksNothing() throws Exception {
    flags.up.add("f1");
    leave(opened(), armed("f1"));
    Files.writeString(
        directory.journal(), Files.readString(directory.journal()) + "{\"seq\":3,\"crc32");

    assertThat(recovery().sweep(progress -> {})).isEmpty();
    assertThat(flags.up).isEmpty();
  }

  @Test
  void onAFullDiskWhatWasLeftIsRolledBackAndToldAsFarAsThereIsRoom() throws Exception {
    try (SmallDisk disk = SmallDisk.mount(home.resolve("disk"))) {
      leaveOn(disk);
      disk.fill();
      flags.up.add("f1");

      List<String> left = recovery().sweep(progress -> {});

      assertThat(flags.up).isEmpty();
      assertThat(of(RollbackVerified.class)).hasSize(1);
      assertThat(of(RunClosed.class)).hasSize(1);
      assertThat(left).isEmpty();
    }
  }

  @Test
  void onAFullDiskWithoutAnyRoomWhatWasLeftIsRolledBackAndClosedLater() throws Exception {
    try (SmallDisk disk = SmallDisk.mount(home.resolve("disk"))) {
      leaveOn(disk);
      cutOffRoom();
      disk.fill();
      flags.up.add("f1");

      assertThat(recovery().sweep(progress -> {})).singleElement().asString().contains("No space");
      assertThat(flags.up).isEmpty();
      assertThat(of(RunClosed.class)).isEmpty();

      Files.delete(disk.directory().resolve("filler"));
      assertThat(recovery().sweep(progress -> {})).isEmpty();
      assertThat(of(RunClosed.class)).hasSize(1);
    }
  }

  /** A run whose process was killed: nothing of its journal was cut off. */
  private void leaveOn(SmallDisk disk) throws Exception {
    directory = RunDirectory.create(disk.directory(), RUN);
    activeRuns.enter(RUN, directory).close();
    FileJournal journal = FileJournal.create(directory.journal(), codec);
    journal.append(opened());
    journal.append(armed("f1"));
  }

  private void cutOffRoom() throws Exception {
    long end = JournalFile.read(directory.journal(), codec).tail().length();
    try (FileChannel channel = FileChannel.open(directory.journal(), StandardOpenOption.WRITE)) {
      channel.truncate(end);
    }
  }

  @Test
  void aRunThatLivesIsLeftAlone() throws Exception {
    flags.up.add("f1");
    leave(opened(), armed("f1"));
    try (HomeLocks.Held alive = new HomeLocks(home).takeRun(RUN)) {
      assertThat(recovery().sweep(progress -> {})).isEmpty();
      assertThat(alive.channel().isOpen()).isTrue();
    }
    assertThat(flags.up).containsExactly("f1");
    assertThat(activeRuns.left()).hasSize(1);
  }

  @Test
  void whoMarksRunsIsToldAllEventsOfARecoveredOneBeforeItIsForgotten() throws Exception {
    leave(opened(), phase(Phase.OBSERVE), armed("f1"), new InjectionSent(AT, FaultId.of("f1")));
    List<RunEvent> told = new ArrayList<>();
    Recovery recovery =
        recovery(
            new Injectors(List.of(flags)),
            new RecoveryAudience() {
              @Override
              public Injectors injectors(Injectors plain, RunOpened run) {
                throw new IllegalStateException("no trace today");
              }

              @Override
              public void closed(JournalFile journal) {
                told.addAll(journal.events());
                assertThat(journal.byRun()).isEqualTo(4);
                throw new IllegalStateException("no marks today");
              }
            });

    assertThat(recovery.sweep(progress -> {})).isEmpty();

    assertThat(told).isEqualTo(events());
    assertThat(of(RunClosed.class).get(0).interrupted()).isTrue();
    assertThat(activeRuns.left()).isEmpty();
  }

  @Test
  void aRunThatHadNotBegunLeavesNothing() throws Exception {
    assertThat(recovery().sweep(progress -> {})).isEmpty();
    assertThat(activeRuns.left()).isEmpty();
  }

  @Test
  void whatNoInjectorCanUndoBlocksUntilAcknowledged() throws Exception {
    leave(opened(), armed("f1"));
    Recovery without = recovery(new Injectors(List.of()));

    assertThat(without.sweep(progress -> {}))
        .singleElement()
        .asString()
        .contains("no injector here offers fake/flag");
    assertThat(without.acknowledge(RUN, "ann: gone for good")).isTrue();
    assertThat(of(RunEvent.RollbackAbandoned.class)).hasSize(1);
  }

  private Recovery recovery() {
    return recovery(new Injectors(List.of(flags)));
  }

  private Recovery recovery(Injectors injectors) {
    return recovery(injectors, RecoveryAudience.nobody());
  }

  private Recovery recovery(Injectors injectors, RecoveryAudience audience) {
    return new Recovery(
        activeRuns,
        new HomeLocks(home),
        injectors,
        codec,
        new Reports(codec),
        InstantSource.fixed(AT.plusSeconds(60)),
        audience);
  }

  private void leave(RunEvent... events) throws Exception {
    try (FileJournal journal = FileJournal.create(directory.journal(), codec)) {
      for (RunEvent event : events) {
        journal.append(event);
      }
    }
  }

  private void guard(RunEvent... events) throws Exception {
    try (FileJournal journal = FileJournal.create(directory.guardJournal(), codec)) {
      for (RunEvent event : events) {
        journal.append(event);
      }
    }
  }

  private void damageLine(int number) throws Exception {
    List<String> lines = new ArrayList<>(Files.readAllLines(directory.journal()));
    lines.set(number - 1, lines.get(number - 1).replace("OBSERVE", "OBSERVF"));
    Files.write(directory.journal(), lines);
  }

  private List<RunEvent> events() throws Exception {
    return JournalFile.read(directory.journal(), codec).events();
  }

  private <E extends RunEvent> List<E> of(Class<E> type) throws Exception {
    return events().stream().filter(type::isInstance).map(type::cast).toList();
  }

  private static RunEvent phase(Phase phase) {
    return new PhaseEntered(AT, phase);
  }

  private static FaultArmed armed(String id) {
    return new FaultArmed(
        AT,
        FaultId.of(id),
        FLAG,
        ServiceName.of("stock"),
        "flag " + id,
        Duration.ofMinutes(1),
        new Undo(FaultId.of(id), FLAG, Map.of("flag", id)));
  }

  private static RunOpened opened() {
    return new RunOpened(
        AT,
        RUN,
        "weekly",
        "slow stock",
        "team",
        "test",
        Trigger.MANUAL,
        "00",
        "0123456789abcdef0123456789abcdef",
        BlastRadius.of(ServiceName.of("stock")),
        SteadyStateHypothesis.none(),
        Duration.ofSeconds(5));
  }

  /** A fault is a flag that is up. */
  private static final class Flags implements FaultInjector {
    final Set<String> up = ConcurrentHashMap.newKeySet();
    final Set<String> calls = ConcurrentHashMap.newKeySet();

    @Override
    public List<FaultDescription> faults() {
      return List.of(new FaultDescription(FLAG, "a flag", List.of(), List.of(), true));
    }

    @Override
    public FaultPlan plan(FaultId id, FaultRequest request) {
      throw new AssertionError("a recovery never plans");
    }

    @Override
    public Undo arm(FaultPlan plan) {
      throw new AssertionError("a recovery never arms");
    }

    @Override
    public void start(FaultPlan plan, Undo undo) {
      throw new AssertionError("a recovery never injects");
    }

    @Override
    public void rollBack(Undo undo) throws RollbackException {
      calls.add("undo " + undo.id() + calls.size());
      up.remove(undo.require("flag"));
    }

    @Override
    public Observation look(Undo undo) {
      boolean there = up.contains(undo.data().getOrDefault("flag", ""));
      return there ? Observation.present("up") : Observation.gone("the flag is down");
    }
  }
}
