package dev.firebreak.annotations.silences;

import dev.firebreak.annotations.FaultsInPlace;
import dev.firebreak.annotations.grafana.LinkTemplate;
import dev.firebreak.annotations.silences.AlertmanagerApi.Match;
import dev.firebreak.experiment.Experiment;
import dev.firebreak.fault.FaultRequest;
import dev.firebreak.run.Run;
import dev.firebreak.run.RunEvent;
import dev.firebreak.run.RunEvent.FaultArmed;
import dev.firebreak.run.RunEvent.RunClosed;
import dev.firebreak.run.RunEvent.RunOpened;
import dev.firebreak.run.RunListener;
import dev.firebreak.service.ServiceName;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Silences the alerts of each service that a run injects into: from the injection sent until no
 * fault is, or may be, in it, at the latest when the run is over. A placebo silences nothing. A
 * listener for one run alone, not for events that are told again; never waits for Alertmanager.
 */
public final class RunSilencer implements RunListener {
  private final SilenceKeeper keeper;
  private final AlertmanagerSettings settings;
  private final Experiment experiment;
  private final Optional<LinkTemplate> report;
  private final FaultsInPlace faults = new FaultsInPlace();
  private final Set<ServiceName> silenced = new TreeSet<>();
  private Optional<RunOpened> run = Optional.empty();

  /**
   * Silences by way of {@code keeper}.
   *
   * @param settings tell by which labels alerts name a service
   * @param experiment says how long its faults and its recovery last at most
   * @param report where the comment leads to
   */
  public RunSilencer(
      SilenceKeeper keeper,
      AlertmanagerSettings settings,
      Experiment experiment,
      Optional<LinkTemplate> report) {
    this.keeper = keeper;
    this.settings = settings;
    this.experiment = experiment;
    this.report = report;
  }

  @Override
  public void on(RunEvent event) {
    if (event instanceof RunOpened opened) {
      run = Optional.of(opened);
    }
    faults.on(event);
    run.ifPresent(opened -> follow(opened, event));
  }

  private void follow(RunOpened opened, RunEvent event) {
    Set<ServiceName> injected = new TreeSet<>();
    for (FaultArmed fault : faults.inPlace()) {
      if (!FaultsInPlace.isPlacebo(fault) && opened.radius().inject().contains(fault.service())) {
        injected.add(fault.service());
      }
    }
    for (ServiceName service : injected) {
      if (silenced.add(service)) {
        keeper.silence(opened.runId(), wish(opened, service, event.at()));
      }
    }
    for (ServiceName service : silenced) {
      if (!injected.contains(service)) {
        keeper.lift(opened.runId(), service.value());
      }
    }
    silenced.retainAll(injected);
    if (event instanceof RunClosed) {
      keeper.ended(opened.runId());
    }
  }

  private SilenceWish wish(RunOpened opened, ServiceName service, Instant from) {
    List<Match> matchers = new ArrayList<>();
    matchers.add(Match.equal(settings.serviceLabel(), service.value()));
    settings
        .environmentLabel()
        .ifPresent(label -> matchers.add(Match.equal(label, opened.environment())));
    Instant end = from.plus(longestFrom(service));
    String mark = "run " + opened.runId();
    return new SilenceWish(
        service.value(), matchers, end.toEpochMilli(), mark, comment(opened, mark, service));
  }

  /** From the first injection into a service until the run has ended, if nothing goes wrong. */
  private Duration longestFrom(ServiceName service) {
    Duration fault =
        experiment.method().stream()
            .filter(request -> request.service().equals(service))
            .map(FaultRequest::duration)
            .max(Duration::compareTo)
            .orElse(Duration.ZERO);
    return fault.plus(Run.LONGEST_ROLLBACK).plus(experiment.timing().recovery());
  }

  private String comment(RunOpened opened, String mark, ServiceName service) {
    String link =
        report.map(url -> ": " + url.of(opened.runId().value(), opened.traceId())).orElse("");
    return "GameDay %s injects a fault into %s in %s on purpose, %s of Firebreak%s"
        .formatted(opened.gameDay(), service, opened.environment(), mark, link);
  }
}
