package dev.firebreak.guard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.fault.FaultId;
import dev.firebreak.fault.FaultPlan;
import dev.firebreak.fault.FaultRequest;
import dev.firebreak.fault.Injectors;
import dev.firebreak.fault.Observation;
import dev.firebreak.fault.Undo;
import dev.firebreak.guard.GuardMessage.Arm;
import dev.firebreak.guard.GuardMessage.Release;
import dev.firebreak.guard.GuardMessage.Renew;
import dev.firebreak.guard.GuardReply.Armed;
import dev.firebreak.guard.GuardReply.Refused;
import dev.firebreak.guard.GuardReply.Renewed;
import dev.firebreak.guard.GuardReply.TookOver;
import dev.firebreak.run.FakeCluster;
import dev.firebreak.run.Guard;
import dev.firebreak.run.JournalException;
import dev.firebreak.run.RecordingJournal;
import dev.firebreak.run.RunEvent;
import dev.firebreak.run.RunEvent.FaultArmed;
import dev.firebreak.run.RunEvent.Halted;
import dev.firebreak.run.RunEvent.RollbackVerified;
import dev.firebreak.run.SimulatedLoop;
import dev.firebreak.run.UndoingInjector;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class GuardDutyTest {
  private final SimulatedLoop loop = new SimulatedLoop(Instant.parse("2026-11-23T10:00:00Z"));
  private final FakeCluster cluster = FakeCluster.chain(loop, "web", "cart", "stock");
  private final RecordingJournal journal = new RecordingJournal();
  private final List<GuardReply> replies = new ArrayList<>();

  /** How many faults were in place when the run was fenced off. */
  private final List<Integer> fencedWith = new ArrayList<>();

  private boolean fenceBreaks;
  private GuardDuty duty = newDuty();

  private GuardDuty newDuty() {
    Injectors injectors = new Injectors(List.of(cluster));
    return new GuardDuty(loop, injectors, journal, this::raise, replies::add, Guard.LEASE);
  }

  private void raise() throws JournalException {
    fencedWith.add(cluster.activeFaults().size());
    if (fenceBreaks) {
      throw new JournalException("the journal is away");
    }
  }

  @BeforeEach
  void begin() {
    duty = newDuty();
  }

  @Test
  void acknowledgesOnlyWhatIsOnItsDisk() {
    duty.hear(new Arm(Records.armed("f1")));
    assertThat(replies).containsExactly(new Armed(FaultId.of("f1")));
    assertThat(journal.events(FaultArmed.class)).containsExactly(Records.armed("f1"));

    journal.fullFrom(RunEvent::durable);
    duty.hear(new Arm(Records.armed("f2")));
    assertThat(replies.get(1)).isInstanceOf(Refused.class);
  }

  @Test
  void neverRollsBackWhileTheLeaseIsRenewed() throws Exception {
    inject("f1", "stock");
    for (int i = 0; i < 70; i++) {
      duty.hear(new Renew(i));
      liveFor(Duration.ofSeconds(2));
    }

    assertThat(cluster.activeFaults()).hasSize(1);
    assertThat(replies).last().isEqualTo(new Renewed(69));
  }

  @Test
  void fencesTheRunOffOnceAndBeforeTheFirstUndo() throws Exception {
    inject("f1", "stock");
    liveFor(Duration.ofSeconds(5));
    assertThat(fencedWith).isEmpty();

    liveFor(Duration.ofSeconds(30));

    assertThat(fencedWith).containsExactly(1);
    assertThat(cluster.activeFaults()).isEmpty();
  }

  @Test
  void rollsBackAlthoughTheRunCannotBeFencedOff() throws Exception {
    fenceBreaks = true;
    inject("f1", "stock");
    liveFor(Duration.ofSeconds(12));

    assertThat(cluster.activeFaults()).isEmpty();
  }

  @Test
  void rollsBackWithinTwelveSecondsOfTheLastSignAndVerifies() throws Exception {
    inject("f1", "stock");
    liveFor(Duration.ofSeconds(12));

    assertThat(cluster.activeFaults()).isEmpty();
    assertThat(replies).last().isInstanceOf(TookOver.class);
    liveFor(Duration.ofSeconds(3));
    assertThat(journal.events(RollbackVerified.class)).hasSize(1);
  }

  @Test
  void rollsBackAtOnceWhenTheRunsProcessEnds() throws Exception {
    inject("f1", "stock");
    duty.hungUp();
    liveFor(Duration.ofMillis(100));

    assertThat(cluster.activeFaults()).isEmpty();
  }

  @Test
  void undoesTheLastFirstWithinATarget() throws Exception {
    inject("f1", "stock");
    inject("f2", "stock");
    inject("f3", "web");
    duty.hungUp();
    liveFor(Duration.ofSeconds(5));

    assertThat(cluster.calls()).containsSubsequence("undo f2", "undo f1");
    assertThat(cluster.activeFaults()).isEmpty();
  }

  @Test
  void goesOnForAsLongAsTheUndoFails() throws Exception {
    cluster.failingUndos(200);
    inject("f1", "stock");
    duty.hungUp();
    liveFor(Duration.ofHours(2));

    assertThat(cluster.activeFaults()).isEmpty();
    assertThat(duty.over()).isTrue();
  }

  @Test
  void rollsBackWhatComesBackAfterItsRollback() throws Exception {
    inject("f1", "stock");
    duty.hungUp();
    liveFor(Duration.ofSeconds(5));
    assertThat(cluster.activeFaults()).isEmpty();

    cluster.start(plan("f1", "stock"), Records.armed("f1").undo());
    liveFor(Duration.ofSeconds(5));

    assertThat(cluster.activeFaults()).isEmpty();
  }

  @Test
  void neverLetsARunThatWokeUpInjectAgain() throws Exception {
    inject("f1", "stock");
    liveFor(Duration.ofSeconds(20));

    duty.hear(new Renew(7));
    assertThat(replies).last().isInstanceOf(TookOver.class);
    duty.hear(new Arm(Records.armed("f2")));
    assertThat(replies).last().isInstanceOf(Refused.class);
    assertThat(duty.over()).as("the run still lives").isFalse();
  }

  @Test
  void aRenewalThatWaitedWhileTheGuardWasPausedComesTooLate() throws Exception {
    inject("f1", "stock");
    loop.next(loop.nanoTime() + Guard.LEASE.toNanos());
    duty.hear(new Renew(1));

    assertThat(replies).last().isInstanceOf(TookOver.class);
  }

  @Test
  void endsWithItsRunOnceEverythingIsReleased() throws Exception {
    inject("f1", "stock");
    cluster.rollBack(Records.armed("f1").undo());
    duty.hear(new Release(FaultId.of("f1")));
    duty.hungUp();

    assertThat(duty.over()).isTrue();
    assertThat(cluster.calls()).containsExactly("start f1", "undo f1");
  }

  @Test
  void rollsBackAlthoughItsDiskIsFull() throws Exception {
    inject("f1", "stock");
    journal.fullFrom(RunEvent::durable);
    duty.hungUp();
    liveFor(Duration.ofSeconds(30));

    assertThat(cluster.activeFaults()).isEmpty();
    assertThat(duty.over()).isTrue();
  }

  @Test
  void refusesWhatItHasNoInjectorFor() {
    UndoingInjector other = new UndoingInjector();
    duty.hear(new Arm(other.armed(Instant.EPOCH, "f1", "stock")));

    assertThat(replies)
        .singleElement()
        .isInstanceOfSatisfying(
            Refused.class,
            refused -> assertThat(refused.reason()).contains("no injector for fake/undone"));
    assertThat(journal.events()).isEmpty();
  }

  @Test
  void looksOnceWhenItTakesARecordSoThatTheRollbackHasNothingToLoad() {
    List<FaultId> looks = new ArrayList<>();
    UndoingInjector injector =
        new UndoingInjector() {
          @Override
          public Observation look(Undo undo) {
            looks.add(undo.id());
            return super.look(undo);
          }
        };
    Injectors injectors = new Injectors(List.of(injector));
    duty = new GuardDuty(loop, injectors, journal, this::raise, replies::add, Guard.LEASE);
    duty.hear(new Arm(injector.armed(Instant.EPOCH, "f1", "stock")));
    liveFor(Duration.ofSeconds(1));

    assertThat(looks).containsExactly(FaultId.of("f1"));
  }

  @Test
  void answersEveryRenewalThatComesTooLateWithWhatItDoes() throws Exception {
    inject("f1", "stock");
    liveFor(Duration.ofSeconds(12));
    replies.clear();

    duty.hear(new Renew(7));

    assertThat(replies).singleElement().isInstanceOf(TookOver.class);
  }

  @Test
  void writesDownWhatWasReleasedAndThatItTookOver() throws Exception {
    inject("f1", "stock");
    duty.hear(new Release(FaultId.of("f1")));
    assertThat(journal.events(RollbackVerified.class))
        .singleElement()
        .isEqualTo(new RollbackVerified(loop.now(), FaultId.of("f1"), GuardDuty.RELEASED));
    assertThat(journal.events(Halted.class)).isEmpty();

    inject("f2", "stock");
    duty.hungUp();
    liveFor(Duration.ofSeconds(1));
    assertThat(journal.events(Halted.class))
        .singleElement()
        .satisfies(
            halted -> assertThat(halted.cause().detail()).contains("process ended or let go"));
  }

  @Test
  void looksForTenSecondsAfterTheLastVerificationWhetherAnythingComesBack() throws Exception {
    inject("f1", "stock");
    duty.hungUp();
    liveUntil(() -> !journal.events(RollbackVerified.class).isEmpty());
    Instant verified = loop.now();
    liveUntil(duty::over);

    assertThat(Duration.between(verified, loop.now()))
        .isBetween(Duration.ofMillis(9_900), Duration.ofSeconds(13));
  }

  private void liveUntil(BooleanSupplier enough) {
    long end = loop.nanoTime() + Duration.ofMinutes(2).toNanos();
    while (!enough.getAsBoolean() && loop.nanoTime() < end) {
      duty.advance();
      loop.next(Math.min(loop.nanoTime() + 100_000_000L, duty.dueNanos()));
    }
    assertThat(enough.getAsBoolean()).isTrue();
  }

  private void inject(String id, String service) throws Exception {
    FaultArmed record = Records.armed(id, service);
    duty.hear(new Arm(record));
    cluster.start(plan(id, service), record.undo());
  }

  private static FaultPlan plan(String id, String service) {
    FaultArmed record = Records.armed(id, service);
    FaultRequest request =
        new FaultRequest(record.kind(), record.service(), Map.of(), Map.of(), record.duration());
    return new FaultPlan(record.fault(), request, record.target(), Map.of());
  }

  private void liveFor(Duration duration) {
    long end = loop.nanoTime() + duration.toNanos();
    while (loop.nanoTime() < end && !duty.over()) {
      duty.advance();
      loop.next(Math.min(end, duty.dueNanos()));
    }
  }
}
