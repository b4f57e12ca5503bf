package dev.firebreak.app.cli;

import dev.firebreak.app.cli.Terminal.Style;
import dev.firebreak.experiment.ExpectedBound;
import dev.firebreak.experiment.Experiment;
import dev.firebreak.experiment.GameDay;
import dev.firebreak.experiment.HaltPolicy;
import dev.firebreak.experiment.Schedule;
import dev.firebreak.fault.FaultDescription;
import dev.firebreak.fault.FaultKind;
import dev.firebreak.fault.FaultPlan;
import dev.firebreak.fault.Injectors;
import dev.firebreak.probe.Discovery;
import dev.firebreak.probe.SeriesId;
import dev.firebreak.run.RunPlan;
import dev.firebreak.scheduler.CronExpressions;
import dev.firebreak.service.CallGraph;
import dev.firebreak.service.ServiceName;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** A plan in words. */
final class PlanText {
  private static final int FIRES = 5;
  private static final DateTimeFormatter WHEN =
      DateTimeFormatter.ofPattern("EEE uuuu-MM-dd HH:mm:ss xxx", Locale.ROOT);

  private final Terminal terminal;

  PlanText(Terminal terminal) {
    this.terminal = terminal;
  }

  void gameDay(GameDay gameDay, Instant now) {
    GameDay.Metadata metadata = gameDay.metadata();
    heading("GameDay " + metadata.name());
    entry("owner", metadata.owner());
    entry("environment", metadata.environment());
    entry("samples", "every " + inWords(gameDay.telemetry().every()));
    gameDay
        .schedule()
        .ifPresentOrElse(schedule -> schedule(schedule, now), () -> entry("schedule", "on demand"));
  }

  private void schedule(Schedule schedule, Instant now) {
    entry("schedule", "\"%s\" in %s".formatted(schedule.cron(), zone(schedule)));
    for (ZonedDateTime fire : CronExpressions.nextFires(schedule, now, FIRES)) {
      entry("", WHEN.format(fire));
    }
    CronExpressions.daylightWarnings(schedule, now).forEach(this::warning);
  }

  private static String zone(Schedule schedule) {
    return schedule.timeZone().equals(ZoneOffset.UTC) ? "UTC" : schedule.timeZone().toString();
  }

  void experiment(Experiment experiment, CallGraph declared, RunPlan plan) {
    terminal.line("");
    heading("Experiment " + experiment.name());
    entry("hash", plan.hash());
    faults("fault", plan.faults());
    faults("rollback", plan.rollbacks());
    entry("inject", names(experiment.radius().inject()));
    expected(experiment.radius().expected());
    entry("outside", names(plan.outside()));
    entry(
        "halts on",
        new TreeSet<>(experiment.halt().on())
            .stream()
                .map(condition -> condition.name().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(", ")));
    entry(
        "false halts",
        "in at most %s of the runs in which nothing escapes"
            .formatted(HaltPolicy.inPercent(experiment.halt().falseHaltBudget())));
    plan.discovery().ifPresent(found -> signals(found, plan.callGraph(), declared));
    for (String obstacle : plan.obstacles()) {
      terminal.line("  " + terminal.styled(Style.BAD, "would be refused: ") + obstacle);
    }
    if (plan.runnable()) {
      terminal.line("  " + terminal.styled(Style.GOOD, "could run now"));
    }
  }

  private void faults(String what, List<FaultPlan> plans) {
    for (FaultPlan plan : plans) {
      Map<String, String> with = new TreeMap<>(plan.request().with());
      entry(
          what,
          "%s on %s for %s, %s %s"
              .formatted(
                  plan.request().kind(),
                  plan.request().service(),
                  inWords(plan.request().duration()),
                  plan.target(),
                  with.isEmpty() ? "" : with));
    }
  }

  private void expected(Map<ServiceName, ExpectedBound> expected) {
    expected.forEach(
        (service, bound) -> {
          StringBuilder limits = new StringBuilder();
          bound
              .latencyFactor()
              .ifPresent(
                  factor ->
                      limits.append(String.format(Locale.ROOT, ", latency up to %.3gx", factor)));
          bound
              .errorRatio()
              .ifPresent(
                  ratio ->
                      limits.append(
                          String.format(Locale.ROOT, ", errors up to %.3g %%", ratio * 100)));
          entry("expected", service + (limits.length() == 0 ? ", without limit" : "") + limits);
        });
  }

  private void signals(Discovery found, CallGraph callGraph, CallGraph declared) {
    entry("packs", String.join(", ", found.packs()));
    Map<ServiceName, List<String>> byService =
        found.series().stream()
            .collect(
                Collectors.groupingBy(
                    SeriesId::service,
                    TreeMap::new,
                    Collectors.mapping(series -> series.signal().name(), Collectors.toList())));
    byService.forEach(
        (service, signals) -> entry("signals", service + ": " + String.join(", ", signals)));
    new TreeMap<>(found.unseen()).forEach((what, why) -> warning(what + " is not seen: " + why));
    for (ServiceName caller : callGraph.services()) {
      Collection<ServiceName> callees = callGraph.calleesOf(caller);
      Set<ServiceName> inTheFile = declared.calleesOf(caller);
      if (!callees.isEmpty()) {
        entry("calls", caller + " → " + names(callees, inTheFile));
      }
    }
  }

  private static String names(Collection<ServiceName> callees, Set<ServiceName> declared) {
    return callees.stream()
        .map(callee -> callee + (declared.contains(callee) ? "" : " (learned)"))
        .collect(Collectors.joining(", "));
  }

  void injectors(Injectors injectors) {
    terminal.line("");
    heading("Faults at hand");
    Map<FaultKind, String> origins = injectors.origins();
    for (FaultDescription fault : injectors.descriptions()) {
      terminal.line(
          "  %-24s %s".formatted(fault.kind(), fault.summary())
              + terminal.styled(Style.FAINT, "  (" + origins.get(fault.kind()) + ")"));
    }
  }

  private void heading(String text) {
    terminal.line(terminal.styled(Style.BOLD, text));
  }

  private void entry(String key, String value) {
    terminal.line("  %-12s %s".formatted(key, value.strip()));
  }

  private void warning(String text) {
    terminal.line("  " + terminal.styled(Style.WARNING, "note: ") + text);
  }

  private static String names(Iterable<ServiceName> services) {
    Set<String> names = new TreeSet<>();
    services.forEach(service -> names.add(service.value()));
    return names.isEmpty() ? "nothing" : String.join(", ", names);
  }

  private static String inWords(Duration duration) {
    return duration.toString().substring(2).toLowerCase(Locale.ROOT);
  }
}
