package dev.firebreak.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.firebreak.fault.FaultId;
import dev.firebreak.guard.GuardMessage.Arm;
import dev.firebreak.guard.GuardMessage.Release;
import dev.firebreak.guard.GuardMessage.Renew;
import dev.firebreak.guard.GuardReply.Armed;
import dev.firebreak.guard.GuardReply.Ready;
import dev.firebreak.guard.GuardReply.Refused;
import dev.firebreak.guard.GuardReply.Renewed;
import dev.firebreak.guard.GuardReply.TookOver;
import dev.firebreak.journal.EventCodec;
import dev.firebreak.run.JournalException;
import dev.firebreak.run.RunEvent;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class GuardLineTest {
  private final GuardLine line = new GuardLine(new OneRecord());

  @Test
  void whatARunSaysArrivesAsItWasSaid() throws Exception {
    for (GuardMessage message :
        List.of(new Arm(Records.armed("f1")), new Renew(17), new Release(FaultId.of("run-1.f1")))) {
      assertThat(line.message(line.write(message))).isEqualTo(message);
    }
  }

  @Test
  void whatAGuardSaysArrivesAsItWasSaid() throws Exception {
    for (GuardReply reply :
        List.of(
            new Ready(),
            new Armed(FaultId.of("f1")),
            new Refused(FaultId.of("f1"), "the disk is full: 0 bytes left"),
            new Renewed(3),
            new TookOver("the run's process ended"))) {
      assertThat(GuardLine.reply(GuardLine.write(reply))).isEqualTo(reply);
    }
  }

  @Test
  void aReasonCannotForgeAnotherLine() {
    assertThat(GuardLine.write(new TookOver("a\nrenewed 4"))).doesNotContain("\n");
  }

  @Test
  void anythingElseIsAnError() {
    for (String foreign : List.of("", "arm", "arm {}", "renew", "renew x", "release a b", "halt")) {
      assertThatThrownBy(() -> line.message(foreign)).isInstanceOf(JournalException.class);
    }
    assertThatThrownBy(() -> GuardLine.reply("renewed")).isInstanceOf(JournalException.class);
  }

  /** Knows one record. */
  private static final class OneRecord implements EventCodec {
    @Override
    public byte[] encode(RunEvent event) {
      return "{\"f1\"}".getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public RunEvent decode(byte[] bytes) throws JournalException {
      if (!new String(bytes, StandardCharsets.UTF_8).equals("{\"f1\"}")) {
        throw new JournalException("not an event");
      }
      return Records.armed("f1");
    }
  }
}
