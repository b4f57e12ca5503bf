package dev.firebreak.app.serve;

import dev.firebreak.app.run.GameDayRunner;
import dev.firebreak.app.run.GameDayRunner.Audience;
import dev.firebreak.app.run.GameDayRunner.View;
import dev.firebreak.app.run.RunDirectory;
import dev.firebreak.experiment.Experiment;
import dev.firebreak.experiment.GameDay;
import dev.firebreak.report.RunReport;
import dev.firebreak.run.Outcome;
import dev.firebreak.run.RunEvent;
import dev.firebreak.run.RunSpec;
import dev.firebreak.run.Trigger;
import dev.firebreak.scheduler.FireHandler;
import dev.firebreak.scheduler.FireLedger;
import dev.firebreak.scheduler.GameDayName;
import dev.firebreak.scheduler.LedgerException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the GameDay whose schedule fires, one at a time: two at once could not be told apart by what
 * they break. The one that comes second is refused.
 */
public final class GameDayFires implements FireHandler {
  private static final Logger LOG = LoggerFactory.getLogger(GameDayFires.class);

  private final Map<GameDayName, GameDay> gameDays;
  private final GameDayRunner runner;
  private final FireLedger ledger;
  private final Path out;
  private final InstantSource clock;
  private final Ended ended;
  private final ReentrantLock one = new ReentrantLock();

  /** Is told how each fire ended. */
  @FunctionalInterface
  public interface Ended {
    void ended(String gameDay, Outcome outcome, Instant at);
  }

  /** A handler for these GameDays; their runs are kept in {@code out}. */
  public GameDayFires(
      Map<GameDayName, GameDay> gameDays,
      GameDayRunner runner,
      FireLedger ledger,
      Path out,
      InstantSource clock,
      Ended ended) {
    this.gameDays = Map.copyOf(gameDays);
    this.runner = runner;
    this.ledger = ledger;
    this.out = out;
    this.clock = clock;
    this.ended = ended;
  }

  @Override
  public void fire(GameDayName name, Instant scheduledAt) {
    GameDay gameDay = gameDays.get(name);
    if (gameDay == null) {
      throw new IllegalStateException("no GameDay " + name + " was scheduled");
    }
    Outcome outcome = runAlone(name, gameDay, scheduledAt);
    LOG.info("fire ended gameday={} scheduledAt={} outcome={}", name, scheduledAt, outcome);
    ended.ended(name.value(), outcome, clock.instant());
    try {
      ledger.ended(name, scheduledAt, outcome, clock.instant());
    } catch (LedgerException e) {
      LOG.error("ledger failed gameday={} scheduledAt={}", name, scheduledAt, e);
    }
  }

  private Outcome runAlone(GameDayName name, GameDay gameDay, Instant scheduledAt) {
    if (!one.tryLock()) {
      LOG.warn("fire refused gameday={} reason=\"another GameDay is running\"", name);
      return Outcome.REFUSED;
    }
    try {
      return runner.run(
          gameDay,
          gameDay.experiments(),
          Trigger.SCHEDULE,
          out,
          new LogAudience(name, scheduledAt));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      LOG.error("run interrupted gameday={} scheduledAt={}", name, scheduledAt);
      return Outcome.FAILED;
    } catch (IOException e) {
      LOG.error("run failed gameday={} scheduledAt={}", name, scheduledAt, e);
      return Outcome.FAILED;
    } finally {
      one.unlock();
    }
  }

  /** Writes into the log, and the run's id into the ledger. */
  private final class LogAudience implements Audience {
    private final GameDayName name;
    private final Instant scheduledAt;

    LogAudience(GameDayName name, Instant scheduledAt) {
      this.name = name;
      this.scheduledAt = scheduledAt;
    }

    @Override
    public View view(RunSpec spec) {
      try {
        ledger.started(name, scheduledAt, spec.id(), clock.instant());
      } catch (LedgerException e) {
        LOG.error("ledger failed gameday={} run={}", name, spec.id(), e);
      }
      return new Unseen();
    }

    @Override
    public void ended(RunReport report, RunDirectory directory) {
      LOG.info(
          "report written gameday={} report={} verdict=\"{}\"",
          name,
          directory.htmlReport(),
          report.conclusion().verdict());
    }

    @Override
    public void passedOver(Experiment experiment, Outcome because) {
      LOG.warn(
          "experiment not run gameday={} experiment=\"{}\" because={}",
          name,
          experiment.name(),
          because);
    }
  }

  /** Nobody looks at a scheduled run; the engine logs its phases. */
  private static final class Unseen implements View {
    @Override
    public void on(RunEvent event) {}

    @Override
    public void close() {}
  }
}
