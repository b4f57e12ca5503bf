package dev.firebreak.guard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.fault.FaultId;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class HeldLeaseTest {
  private static final long SECOND = Duration.ofSeconds(1).toNanos();
  private static final Duration NOW = Duration.ZERO;

  private final HeldLease lease = new HeldLease(Duration.ofSeconds(10));

  @Test
  void nothingHeldNeedsNoLease() {
    assertThat(lease.problem(NOW, 1_000 * SECOND)).isEmpty();
  }

  @Test
  void countsFromWhenTheAcknowledgedRenewalWasSent() {
    lease.armed(FaultId.of("f1"), 0);
    long number = lease.sent(4 * SECOND);
    lease.acknowledged(number);

    assertThat(lease.problem(NOW, 14 * SECOND - 1)).isEmpty();
    assertThat(lease.problem(NOW, 14 * SECOND)).isPresent();
  }

  @Test
  void aRenewalThatNobodyAcknowledgedIsNone() {
    lease.armed(FaultId.of("f1"), 0);
    lease.sent(4 * SECOND);

    assertThat(lease.problem(NOW, 10 * SECOND)).isPresent();
  }

  @Test
  void aLateAnswerDoesNotShortenTheLease() {
    lease.armed(FaultId.of("f1"), 0);
    long first = lease.sent(2 * SECOND);
    long second = lease.sent(4 * SECOND);
    lease.acknowledged(second);
    lease.acknowledged(first);

    assertThat(lease.problem(NOW, 13 * SECOND)).isEmpty();
  }

  @Test
  void mustLastForAsLongAsIsNeeded() {
    lease.armed(FaultId.of("f1"), 0);

    assertThat(lease.problem(Duration.ofSeconds(5), 4 * SECOND)).isEmpty();
    assertThat(lease.problem(Duration.ofSeconds(5), 5 * SECOND)).isPresent();
  }

  @Test
  void theClockMayBeBelowZero() {
    lease.armed(FaultId.of("f1"), -100 * SECOND);

    assertThat(lease.problem(Duration.ofSeconds(1), -92 * SECOND)).isEmpty();
    assertThat(lease.problem(Duration.ofSeconds(1), -91 * SECOND)).isPresent();
  }

  @Test
  void armingOneMoreFaultIsASignOfLifeToo() {
    lease.armed(FaultId.of("f1"), 0);
    lease.armed(FaultId.of("f2"), 8 * SECOND);

    assertThat(lease.problem(Duration.ZERO, 17 * SECOND)).isEmpty();
  }

  @Test
  void renewalsHaveNumbersOfTheirOwnAndAreForgottenOnceTheyAreOlderThanTheLease() {
    lease.armed(FaultId.of("f1"), -5 * SECOND);
    assertThat(lease.sent(0)).isEqualTo(1);
    assertThat(lease.sent(SECOND)).isEqualTo(2);
    lease.acknowledged(1);
    assertThat(lease.problem(Duration.ZERO, 9 * SECOND)).isEmpty();

    assertThat(lease.sent(12 * SECOND)).isEqualTo(3);
    lease.acknowledged(2);
    assertThat(lease.problem(Duration.ZERO, 10 * SECOND)).isPresent();
  }

  @Test
  void saysHowOldItIs() {
    lease.armed(FaultId.of("f1"), 0);

    assertThat(lease.problem(Duration.ZERO, 12 * SECOND + SECOND / 2).orElse(""))
        .contains("lease of 10 s is 12.5 s old");
  }
}
