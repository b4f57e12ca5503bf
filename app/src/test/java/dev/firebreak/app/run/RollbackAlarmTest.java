package dev.firebreak.app.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.fault.Injectors;
import dev.firebreak.fault.RollbackException;
import dev.firebreak.run.RecordingJournal;
import dev.firebreak.run.Rollback;
import dev.firebreak.run.SimulatedLoop;
import dev.firebreak.run.UndoingInjector;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The log is where somebody who is on call hears of a rollback that does not succeed. */
class RollbackAlarmTest {
  private final PrintStream out = System.out;
  private final PrintStream err = System.err;
  private final ByteArrayOutputStream log = new ByteArrayOutputStream();

  @BeforeEach
  void listen() {
    PrintStream heard = new PrintStream(log, true, StandardCharsets.UTF_8);
    System.setOut(heard);
    System.setErr(heard);
  }

  @AfterEach
  void listenNoMore() {
    System.setOut(out);
    System.setErr(err);
  }

  @Test
  void everyTenthFailureOfARollbackIsAnAlarmThatNamesTheFaultAndItsTarget() {
    SimulatedLoop loop = new SimulatedLoop(Instant.EPOCH);
    UndoingInjector injector = new UndoingInjector();
    injector.failing("run.f1", new RollbackException("HTTP 503"));
    Rollback rollback =
        new Rollback(loop, new Injectors(List.of(injector)), new RecordingJournal());
    rollback.take(List.of(injector.armed(Instant.EPOCH, "run.f1", "stock")));

    long end = Duration.ofSeconds(35).toNanos();
    while (loop.nanoTime() < end) {
      rollback.advance();
      loop.next(Math.min(end, rollback.dueNanos()));
    }

    assertThat(log.toString(StandardCharsets.UTF_8).lines().filter(line -> line.contains("ALARM")))
        .hasSize(3)
        .allMatch(line -> line.contains("ERROR"))
        .allMatch(line -> line.contains("fault=run.f1 target=fake stock"))
        .anyMatch(line -> line.contains("attempts=30"));
  }
}
