package dev.firebreak.guard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.fault.FaultId;
import dev.firebreak.run.Guard;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class CustodyTest {
  private static final long SECOND = Duration.ofSeconds(1).toNanos();
  private final Custody empty = Custody.empty(0);

  @Test
  void neverRollsBackWhatItDoesNotHold() {
    assertThat(empty.hangUp().reasonToRollBack(Guard.LEASE, 100 * SECOND)).isEmpty();
  }

  @Test
  void rollsBackOnceTheLeaseIsOverAndNotBefore() {
    Custody held = empty.arm(Records.armed("f1"), 5 * SECOND);

    assertThat(held.reasonToRollBack(Guard.LEASE, 15 * SECOND - 1)).isEmpty();
    assertThat(held.reasonToRollBack(Guard.LEASE, 15 * SECOND)).isPresent();
    assertThat(held.dueNanos(Guard.LEASE, 5 * SECOND)).isEqualTo(15 * SECOND);
  }

  @Test
  void aRenewalBeginsANewLease() {
    Custody held = empty.arm(Records.armed("f1"), 0).renew(9 * SECOND);

    assertThat(held.reasonToRollBack(Guard.LEASE, 18 * SECOND)).isEmpty();
    assertThat(held.reasonToRollBack(Guard.LEASE, 19 * SECOND)).isPresent();
  }

  @Test
  void rollsBackAtOnceWhenTheRunsProcessEnds() {
    Custody held = empty.arm(Records.armed("f1"), 0).hangUp();

    assertThat(held.reasonToRollBack(Guard.LEASE, 1)).isPresent();
  }

  @Test
  void forgetsWhatIsReleasedAndNothingElse() {
    Custody held =
        empty.arm(Records.armed("f1"), 0).arm(Records.armed("f2"), 0).release(FaultId.of("f1"));

    assertThat(held.records()).containsExactly(Records.armed("f2"));
    assertThat(held.holds(FaultId.of("f2"))).isTrue();
    assertThat(held.holds(FaultId.of("f1"))).isFalse();
  }

  @Test
  void rollsBackAFaultWhoseTimeIsLongOverAlthoughTheRunRenews() {
    long over = Duration.ofMinutes(1).plus(Custody.OVERRUN).toNanos();
    Custody held = empty.arm(Records.armed("f1"), 0).renew(over);

    assertThat(held.reasonToRollBack(Guard.LEASE, over - 1)).isEmpty();
    assertThat(held.reasonToRollBack(Guard.LEASE, over))
        .contains("the time of every fault was over 90 s ago");
    assertThat(held.dueNanos(Guard.LEASE, over - SECOND)).isEqualTo(over);
  }

  @Test
  void ofSeveralFaultsTheLastToBeOverCountsWhateverTheirOrder() {
    long over = Duration.ofMinutes(1).plus(Custody.OVERRUN).toNanos();
    long late = Long.MAX_VALUE - over / 2;
    Custody held =
        Custody.empty(late)
            .arm(Records.armed("f1"), late)
            .arm(Records.armed("f2"), late + 30 * SECOND)
            .arm(Records.armed("f1"), late + 20 * SECOND)
            .renew(late + over + 29 * SECOND);

    assertThat(held.reasonToRollBack(Guard.LEASE, late + over + 30 * SECOND - 1)).isEmpty();
    assertThat(held.reasonToRollBack(Guard.LEASE, late + over + 30 * SECOND)).isPresent();
  }

  @Test
  void saysForHowLongTheRunGaveNoSign() {
    Custody held = empty.arm(Records.armed("f1"), 0);

    assertThat(held.reasonToRollBack(Guard.LEASE, 12 * SECOND + SECOND / 2))
        .contains("the run gave no sign of life and of sight for 12.5 s");
  }

  @Test
  void undoActionsOfTheUserWaitForTheEndOfTheRun() {
    long late = Duration.ofHours(1).toNanos();
    Custody held = empty.arm(Records.armed("run-1.r1"), 0).renew(late);

    assertThat(held.reasonToRollBack(Guard.LEASE, late)).isEmpty();
  }

  @Test
  void theClockMayBePastItsLargestValue() {
    Custody held = Custody.empty(Long.MAX_VALUE).arm(Records.armed("f1"), Long.MAX_VALUE);

    assertThat(held.reasonToRollBack(Guard.LEASE, Long.MIN_VALUE)).isEmpty();
    assertThat(held.reasonToRollBack(Guard.LEASE, Long.MIN_VALUE + 10 * SECOND)).isPresent();
  }
}
