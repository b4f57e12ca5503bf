package dev.firebreak.annotations.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.annotations.OutboxLevel;
import dev.firebreak.annotations.Story;
import dev.firebreak.cascade.DegradationClass;
import dev.firebreak.fault.FaultId;
import dev.firebreak.fault.FaultKind;
import dev.firebreak.probe.QueryFailures.Kind;
import dev.firebreak.probe.QueryFailures.Source;
import dev.firebreak.run.Outcome;
import dev.firebreak.run.RunEvent;
import dev.firebreak.run.RunEvent.InjectionFailed;
import dev.firebreak.run.RunEvent.InjectionSent;
import dev.firebreak.run.RunEvent.RollbackAbandoned;
import dev.firebreak.run.RunEvent.RollbackVerified;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

class RunMetricsTest {
  private static final FaultKind LATENCY = FaultKind.of("chaos-monkey/latency");
  private static final String ACTIVE =
      "firebreak_fault_active{env=\"staging\",gameday=\"checkout-weekly\",service=\"payments\"}";

  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final FirebreakMeters meters = new FirebreakMeters(registry, "0.1.0");
  private final RunMetrics metrics = new RunMetrics(meters);

  @Test
  void everyKnownSeriesIsThereAtZeroBeforeTheFirstRun() {
    Page page = Page.of(registry);
    for (Outcome outcome : Outcome.values()) {
      assertThat(page.value("firebreak_runs_total{outcome=\"" + outcome + "\"}")).isZero();
    }
    assertThat(page.value("firebreak_halts_total{reason=\"CASCADE\"}")).isZero();
    assertThat(page.value("firebreak_findings_total{class=\"ESCAPED\"}")).isZero();
    assertThat(page.value("firebreak_faults_active")).isZero();
    assertThat(page.value("firebreak_listener_samples_dropped_total")).isZero();
    assertThat(page.value("firebreak_annotation_operations_total{op=\"create\",result=\"failed\"}"))
        .isZero();
    assertThat(page.value("firebreak_build_info{version=\"0.1.0\"}")).isEqualTo(1);
  }

  @Test
  void aFaultIsActiveFromItsInjectionUntilItsRollbackIsVerified() {
    tell(Story.cascaded(), upTo(InjectionSent.class));
    assertThat(Page.of(registry).value(ACTIVE)).isEqualTo(1);
    assertThat(Page.of(registry).value("firebreak_faults_active")).isEqualTo(1);

    RunMetrics fresh = new RunMetrics(meters);
    Story.cascaded().forEach(fresh::on);
    assertThat(Page.of(registry).value(ACTIVE)).isZero();
    assertThat(Page.of(registry).value("firebreak_faults_active")).isZero();
  }

  @Test
  void aFaultStaysActiveWhileItsRollbackIsOnlyAcknowledged() {
    tell(Story.cascaded(), upTo(RunEvent.RollbackAcknowledged.class));
    assertThat(Page.of(registry).value(ACTIVE)).isEqualTo(1);
  }

  @Test
  void aFaultStaysActiveWhenItsRollbackWasAbandoned() {
    tell(Story.cascaded(), upTo(RunEvent.RollbackRequested.class));
    metrics.on(new RollbackAbandoned(Story.at(110), Story.FAULT, "HTTP 503"));
    assertThat(Page.of(registry).value(ACTIVE)).isEqualTo(1);
  }

  @Test
  void aServiceIsActiveUntilTheLastOfItsFaultsIsGone() {
    FaultId second = FaultId.of(Story.RUN + ".f2");
    metrics.on(Story.opened());
    Story.injected(Story.FAULT, LATENCY, Story.PAYMENTS, 1).forEach(metrics::on);
    Story.injected(second, LATENCY, Story.PAYMENTS, 2).forEach(metrics::on);
    assertThat(Page.of(registry).value("firebreak_faults_active")).isEqualTo(2);
    metrics.on(new RollbackVerified(Story.at(9), second, "gone"));
    assertThat(Page.of(registry).value(ACTIVE)).isEqualTo(1);
    metrics.on(new RollbackVerified(Story.at(9), Story.FAULT, "gone"));
    assertThat(Page.of(registry).value(ACTIVE)).isZero();
  }

  @Test
  void anInjectionThatFailedForCertainIsNotActiveButAnAmbiguousOneIs() {
    metrics.on(Story.opened());
    metrics.on(Story.armed(Story.FAULT, LATENCY, Story.PAYMENTS, 1));
    metrics.on(new InjectionSent(Story.at(1), Story.FAULT));
    metrics.on(new InjectionFailed(Story.at(2), Story.FAULT, "timed out", true));
    assertThat(Page.of(registry).value(ACTIVE)).isEqualTo(1);
    metrics.on(new InjectionFailed(Story.at(2), Story.FAULT, "HTTP 400", false));
    assertThat(Page.of(registry).value(ACTIVE)).isZero();
  }

  @Test
  void aPlaceboMutesNoAlert() {
    metrics.on(Story.opened());
    Story.injected(Story.FAULT, FaultKind.PLACEBO, Story.PAYMENTS, 1).forEach(metrics::on);
    assertThat(Page.of(registry).value(ACTIVE)).isZero();
  }

  @Test
  void theUsersOwnUndoActionsAreNoFaults() {
    metrics.on(Story.opened());
    Story.injected(FaultId.of(Story.RUN + ".r1"), LATENCY, Story.PAYMENTS, 1).forEach(metrics::on);
    assertThat(Page.of(registry).value(ACTIVE)).isZero();
  }

  @Test
  void aClosedRunIsCountedWithItsOutcomeDurationHaltAndFindings() {
    Story.cascaded().forEach(metrics::on);
    Page page = Page.of(registry);
    assertThat(page.value("firebreak_runs_total{outcome=\"CASCADED\"}")).isEqualTo(1);
    assertThat(page.value("firebreak_halts_total{reason=\"CASCADE\"}")).isEqualTo(1);
    assertThat(page.value("firebreak_run_duration_seconds_sum")).isEqualTo(60);
    assertThat(page.value("firebreak_run_duration_seconds_count")).isEqualTo(1);
    assertThat(page.value("firebreak_halt_delay_seconds_sum")).isEqualTo(1);
  }

  @Test
  void fromTheUndoToTheVerifiedRollbackIsMeasured() {
    Story.cascaded().forEach(metrics::on);
    Page page = Page.of(registry);
    assertThat(page.value("firebreak_rollback_duration_seconds_sum")).isEqualTo(3);
    assertThat(page.value("firebreak_rollback_duration_seconds_count")).isEqualTo(1);
  }

  @Test
  void whoAsksForOpenMetricsGetsTheTraceAsExemplarAndNobodyGetsTheRunAsLabel() throws Exception {
    Story.cascaded().forEach(metrics::on);
    String page;
    try (MetricsServer server = MetricsServer.onLoopback(0, registry)) {
      page = Page.get(server.url(), "application/openmetrics-text; version=1.0.0").body();
    }
    String exemplar = "trace_id=\"" + Story.TRACE + "\"";
    for (String series :
        List.of(
            "firebreak_halt_delay_seconds_bucket{le=\"1.0\"}",
            "firebreak_rollback_duration_seconds_bucket{le=\"5.0\"}",
            "firebreak_run_duration_seconds_bucket{le=\"60.0\"}",
            "firebreak_runs_total{outcome=\"CASCADED\"}",
            "firebreak_findings_total{class=\"ESCAPED\"}",
            "firebreak_halts_total{reason=\"CASCADE\"}")) {
      assertThat(page.lines().filter(line -> line.startsWith(series)))
          .singleElement()
          .asString()
          .contains(exemplar);
    }
    assertThat(page).doesNotContain(Story.RUN.value());
    assertThat(Page.of(registry).text()).doesNotContain(Story.TRACE);
  }

  @Test
  void queriesThatFailAreCountedByWhoWasAskedAndWhatWentWrong() {
    String timeouts = "firebreak_query_failures_total{kind=\"timeout\",source=\"prometheus\"}";
    assertThat(Page.of(registry).value(timeouts)).isZero();
    meters.failed(Source.PROMETHEUS, Kind.TIMEOUT);
    assertThat(Page.of(registry).value(timeouts)).isEqualTo(1);
  }

  @Test
  void whatWaitsForGrafanaIsCountedAndTimed() {
    OutboxMeters.register(
        registry,
        new OutboxLevel() {
          @Override
          public long unsent() {
            return 3;
          }

          @Override
          public Optional<Instant> oldestUnsent() {
            return Optional.of(Story.START);
          }
        },
        () -> Story.at(90));
    Page page = Page.of(registry);
    assertThat(page.value("firebreak_outbox_marks")).isEqualTo(3);
    assertThat(page.value("firebreak_outbox_oldest_age_seconds")).isEqualTo(90);
  }

  @Test
  void aScheduledGameDayShowsItsNextFireAndTheLastRunThatGaveAnAnswer() {
    ScheduleMeters schedules = new ScheduleMeters(registry);
    schedules.scheduled("weekly", () -> Optional.of(Story.at(60)), Optional.empty());
    String last = "firebreak_last_success_timestamp_seconds{gameday=\"weekly\"}";
    assertThat(Page.of(registry).value("firebreak_next_fire_timestamp_seconds{gameday=\"weekly\"}"))
        .isEqualTo((double) Story.at(60).getEpochSecond());
    assertThat(Page.of(registry).value(last)).isZero();
    schedules.ended("weekly", Outcome.REFUSED, Story.at(61));
    assertThat(Page.of(registry).value(last)).isZero();
    schedules.ended("weekly", Outcome.CASCADED, Story.at(62));
    assertThat(Page.of(registry).value(last)).isEqualTo((double) Story.at(62).getEpochSecond());
  }

  @Test
  void aServiceCountsOncePerRunAndClass() {
    Story.cascaded().forEach(metrics::on);
    metrics.on(Story.degraded(61, Story.GATEWAY, DegradationClass.UNRELATED, 39, Optional.empty()));
    Page page = Page.of(registry);
    assertThat(page.value("firebreak_findings_total{class=\"ESCAPED\"}")).isEqualTo(1);
    assertThat(page.value("firebreak_findings_total{class=\"UNRELATED\"}")).isEqualTo(1);
  }

  private void tell(List<RunEvent> events, Predicate<RunEvent> last) {
    for (RunEvent event : events) {
      metrics.on(event);
      if (last.test(event)) {
        return;
      }
    }
  }

  private static Predicate<RunEvent> upTo(Class<? extends RunEvent> type) {
    return type::isInstance;
  }
}
