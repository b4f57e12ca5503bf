package dev.firebreak.app.cli;

import dev.firebreak.annotations.metrics.ScheduleMeters;
import dev.firebreak.app.Wiring;
import dev.firebreak.app.gameday.GameDayReader;
import dev.firebreak.app.serve.GameDayFires;
import dev.firebreak.experiment.GameDay;
import dev.firebreak.experiment.Schedule;
import dev.firebreak.scheduler.CronExpressions;
import dev.firebreak.scheduler.FireLedger;
import dev.firebreak.scheduler.FireRow;
import dev.firebreak.scheduler.GameDayName;
import dev.firebreak.scheduler.GameDayScheduler;
import dev.firebreak.scheduler.LedgerException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Runs GameDays at the times of their schedules until it is interrupted. */
@Command(
    name = "serve",
    description = "Run GameDays by their schedules until interrupted.",
    footer = {
      "",
      "With FIREBREAK_METRICS_PORT set, own metrics are served there on 127.0.0.1.",
      "",
      "Example:",
      "  firebreak serve gamedays/"
    })
final class ServeCommand implements Callable<Integer> {
  /** Runs that were halted roll back first. */
  private static final Duration CLOSE_WITHIN = Duration.ofMinutes(3);

  /** Further back it counts as never. */
  private static final int FIRES_LOOKED_AT = 100;

  private final Wiring wiring;

  @Parameters(
      arity = "1..*",
      paramLabel = "PATH",
      description = "GameDay files, or directories of *.yaml, *.yml and *.json.")
  private List<Path> paths = List.of();

  ServeCommand(Wiring wiring) {
    this.wiring = wiring;
  }

  @Override
  public Integer call() throws Exception {
    // What a killed process left must not wait for the first fire, which may be a week away.
    wiring.recovery().sweep(wiring.terminal()::line);
    Optional<Map<GameDayName, GameDay>> gameDays = read();
    if (gameDays.isEmpty()) {
      return ExitCode.USAGE;
    }
    Path ledgerHome = wiring.settings().home().resolve("ledger");
    FireLedger ledger = FireLedger.open(ledgerHome);
    GameDayFires fires =
        new GameDayFires(
            gameDays.get(),
            wiring.gameDayRunner(),
            ledger,
            wiring.runs(),
            wiring.clock(),
            wiring.marks().schedules()::ended);
    wiring.marks().metricsPage().ifPresent(url -> wiring.terminal().line("metrics  " + url));
    try (GameDayScheduler scheduler =
        new GameDayScheduler(ledger, fires, wiring.clock(), CLOSE_WITHIN)) {
      for (Map.Entry<GameDayName, GameDay> entry : gameDays.get().entrySet()) {
        schedule(scheduler, entry.getKey(), entry.getValue());
        show(ledger, entry.getKey(), entry.getValue());
      }
      scheduler.start();
      wiring.awaitInterruption();
    }
    return ExitCode.HELD;
  }

  private void schedule(GameDayScheduler scheduler, GameDayName name, GameDay gameDay)
      throws Exception {
    if (gameDay.schedule().isEmpty()) {
      wiring.terminal().line("%-30s no schedule: on demand only".formatted(name));
      return;
    }
    Schedule schedule = gameDay.schedule().get();
    scheduler.schedule(name, schedule);
    String next =
        CronExpressions.nextFires(schedule, wiring.clock().instant(), 1).stream()
            .map(Object::toString)
            .findFirst()
            .orElse("never");
    wiring.terminal().line("%-30s next fire %s".formatted(name, next));
  }

  /** In the own metrics: when it fires next, and when it last gave an answer. */
  private void show(FireLedger ledger, GameDayName name, GameDay gameDay) throws Exception {
    if (gameDay.schedule().isPresent()) {
      Schedule schedule = gameDay.schedule().get();
      wiring
          .marks()
          .schedules()
          .scheduled(
              name.value(),
              () ->
                  CronExpressions.nextFires(schedule, wiring.clock().instant(), 1).stream()
                      .map(ZonedDateTime::toInstant)
                      .findFirst(),
              lastAnswer(ledger, name));
    }
  }

  /** By the time of the fire: the ledger keeps no other of runs that ended. */
  private static Optional<Instant> lastAnswer(FireLedger ledger, GameDayName name)
      throws LedgerException {
    return ledger.last(name, FIRES_LOOKED_AT).stream()
        .filter(row -> row.outcome().filter(ScheduleMeters::gaveAnAnswer).isPresent())
        .map(FireRow::scheduledAt)
        .findFirst();
  }

  /** Empty if there is any mistake in any file; nothing is scheduled then. */
  private Optional<Map<GameDayName, GameDay>> read() throws Exception {
    GameDayReader reader = wiring.gameDayReader(wiring.environment());
    Map<GameDayName, GameDay> gameDays = new TreeMap<>();
    Map<GameDayName, Path> origins = new TreeMap<>();
    boolean whole = true;
    for (Path file : files()) {
      Optional<GameDay> gameDay = new GameDayFile(file, wiring.terminal()).read(reader);
      whole &= gameDay.isPresent();
      if (gameDay.isPresent()) {
        GameDayName name = new GameDayName(gameDay.get().name());
        Path other = origins.put(name, file);
        if (other != null) {
          wiring.terminal().error("%s and %s are both named %s".formatted(other, file, name));
          whole = false;
        }
        gameDays.put(name, gameDay.get());
      }
    }
    boolean scheduled = gameDays.values().stream().anyMatch(each -> each.schedule().isPresent());
    if (whole && !scheduled) {
      wiring.terminal().error("no GameDay with a schedule in " + paths);
    }
    return whole && scheduled ? Optional.of(gameDays) : Optional.empty();
  }

  private List<Path> files() throws IOException {
    List<Path> files = new ArrayList<>();
    for (Path path : paths) {
      if (Files.isDirectory(path)) {
        try (DirectoryStream<Path> found = Files.newDirectoryStream(path, "*.{yaml,yml,json}")) {
          List<Path> inside = new ArrayList<>();
          found.forEach(inside::add);
          inside.sort(null);
          files.addAll(inside);
        }
      } else {
        files.add(path);
      }
    }
    return files;
  }
}
