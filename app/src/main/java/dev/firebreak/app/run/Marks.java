package dev.firebreak.app.run;

import dev.firebreak.annotations.OutboxLevel;
import dev.firebreak.annotations.grafana.GrafanaAnnotator;
import dev.firebreak.annotations.grafana.GrafanaOutbox;
import dev.firebreak.annotations.grafana.MarkLinks;
import dev.firebreak.annotations.metrics.FirebreakMeters;
import dev.firebreak.annotations.metrics.MetricsServer;
import dev.firebreak.annotations.metrics.OutboxMeters;
import dev.firebreak.annotations.metrics.RunMetrics;
import dev.firebreak.annotations.metrics.ScheduleMeters;
import dev.firebreak.annotations.silences.RunSilencer;
import dev.firebreak.annotations.silences.SilenceKeeper;
import dev.firebreak.annotations.tracing.OtelVariables;
import dev.firebreak.annotations.tracing.RunHeaders;
import dev.firebreak.annotations.tracing.SpanIds;
import dev.firebreak.annotations.tracing.Telemetry;
import dev.firebreak.app.config.Settings;
import dev.firebreak.fault.Injectors;
import dev.firebreak.journal.JournalFile;
import dev.firebreak.probes.http.Asking;
import dev.firebreak.run.RunEvent;
import dev.firebreak.run.RunEvent.RunOpened;
import dev.firebreak.run.RunListener;
import dev.firebreak.run.RunSpec;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.bridge.SLF4JBridgeHandler;

/**
 * What marks runs in the observability stack: annotations in Grafana, silences in Alertmanager,
 * spans over OTLP, and the own metrics page. Each is there only if the environment asks for it, and
 * none can delay a run.
 */
public final class Marks implements AutoCloseable {
  /** Grafana gets what is left now, or from the next process. */
  private static final Duration LONGEST_FLUSH = Duration.ofSeconds(5);

  /** What silences alerts, and as the environment says. */
  private record Silencing(SilenceKeeper keeper, Settings.Alertmanager alertmanager) {
    RunSilencer silencer(RunSpec spec) {
      return new RunSilencer(
          keeper, alertmanager.settings(), spec.experiment(), alertmanager.report());
    }
  }

  private final FirebreakMeters meters;
  private final ScheduleMeters schedules;
  private final Telemetry telemetry;
  private final Optional<GrafanaOutbox> outbox;
  private final MarkLinks links;
  private final Optional<Silencing> silencing;
  private final Optional<MetricsServer> server;
  private final Set<String> baggageHosts;
  private final Consumer<String> complaints;

  private Marks(
      FirebreakMeters meters,
      ScheduleMeters schedules,
      Telemetry telemetry,
      Optional<GrafanaOutbox> outbox,
      MarkLinks links,
      Optional<Silencing> silencing,
      Optional<MetricsServer> server,
      Set<String> baggageHosts,
      Consumer<String> complaints) {
    this.baggageHosts = baggageHosts;
    this.complaints = complaints;
    this.meters = meters;
    this.schedules = schedules;
    this.telemetry = telemetry;
    this.outbox = outbox;
    this.links = links;
    this.silencing = silencing;
    this.server = server;
  }

  /**
   * Opens what the settings ask for, and takes up what an earlier process left unsent.
   *
   * @param complaints is told, in a sentence, what could not be marked
   * @throws IOException if the outbox's directory or the metrics port cannot be used
   */
  public static Marks open(
      Settings settings, String version, InstantSource clock, Consumer<String> complaints)
      throws IOException {
    PrometheusRegistry registry = new PrometheusRegistry();
    FirebreakMeters meters = new FirebreakMeters(registry, version);
    Optional<GrafanaOutbox> outbox = Optional.empty();
    if (settings.grafana().isPresent()) {
      outbox = Optional.of(outbox(settings.grafana().get(), settings, clock, meters));
    }
    Optional<Silencing> silencing = Optional.empty();
    if (settings.alertmanager().isPresent()) {
      silencing = Optional.of(silencing(settings.alertmanager().get(), settings, clock));
    }
    OutboxLevel level = outbox.<OutboxLevel>map(box -> box).orElseGet(OutboxLevel::empty);
    OutboxMeters.register(registry, level, clock);
    ScheduleMeters schedules = new ScheduleMeters(registry);
    Optional<MetricsServer> server = Optional.empty();
    if (settings.metricsPort().isPresent()) {
      int port = settings.metricsPort().getAsInt();
      server = Optional.of(MetricsServer.onLoopback(port, registry));
    }
    // The OpenTelemetry SDK logs by java.util.logging; its lines belong into the one log.
    SLF4JBridgeHandler.removeHandlersForRootLogger();
    SLF4JBridgeHandler.install();
    Telemetry telemetry =
        Telemetry.start(settings.openTelemetry(), version, settings.home().resolve("traces"));
    telemetry.problem().ifPresent(why -> complaints.accept("traces are off: " + why));
    MarkLinks links = settings.grafana().map(Settings.Grafana::links).orElse(MarkLinks.none());
    return new Marks(
        meters,
        schedules,
        telemetry,
        outbox,
        links,
        silencing,
        server,
        settings.baggageHosts(),
        complaints);
  }

  private static Silencing silencing(
      Settings.Alertmanager alertmanager, Settings settings, InstantSource clock)
      throws IOException {
    SilenceKeeper keeper =
        SilenceKeeper.open(alertmanager.settings(), settings.home().resolve("silences"), clock);
    keeper.resume();
    return new Silencing(keeper, alertmanager);
  }

  private static GrafanaOutbox outbox(
      Settings.Grafana grafana, Settings settings, InstantSource clock, FirebreakMeters meters)
      throws IOException {
    GrafanaOutbox outbox =
        GrafanaOutbox.open(grafana.connection(), settings.home().resolve("outbox"), clock, meters);
    outbox.resume();
    return outbox;
  }

  /** The listeners for this run, which is the next. */
  List<RunListener> listeners(RunSpec spec) {
    List<RunListener> listeners = new ArrayList<>();
    listeners.add(new RunMetrics(meters));
    if (telemetry.isOn()) {
      listeners.add(telemetry.runTracer());
    }
    outbox.ifPresent(box -> listeners.add(new GrafanaAnnotator(box, links)));
    silencing.ifPresent(silences -> listeners.add(silences.silencer(spec)));
    return listeners;
  }

  /**
   * Completes the annotations and the trace of a run that was recovered, ends its silences, and
   * says in the own metrics that no fault of it is in place.
   */
  public void recovered(JournalFile journal) {
    List<RunEvent> events = journal.events();
    telemetry.recovered(events, journal.byRun());
    outbox
        .map(box -> new GrafanaAnnotator(box, links))
        .ifPresent(annotator -> events.forEach(annotator::on));
    if (!events.isEmpty() && events.get(0) instanceof RunOpened opened) {
      // Its series are there again, at 0: alerts need not tell "no fault" from "no data".
      new RunMetrics(meters).on(opened);
      silencing.ifPresent(silences -> silences.keeper().ended(opened.runId()));
    }
  }

  /** The injectors for the recovery of a run, whose requests belong to its trace; opens nothing. */
  public static Injectors traced(Injectors injectors, RunOpened run, Settings settings) {
    RunHeaders headers =
        new RunHeaders(
            run.traceId(),
            run.runId(),
            OtelVariables.askForTelemetry(settings.openTelemetry()),
            settings.baggageHosts());
    return traced(injectors, headers);
  }

  /** Tells how many samples the listeners of a run were not told of. */
  void samplesDropped(long count) {
    meters.samplesDropped(count);
  }

  private static String helpNeeded(String refusal) {
    return " (" + refusal + "; see \"firebreak doctor\")";
  }

  /** How the source of a run's metrics asks. */
  public Asking asking(RunSpec spec) {
    return new Asking(headers(spec).within(SpanIds.EXPERIMENT), meters);
  }

  /** The injectors for a run, whose requests say to which span of it they belong. */
  public Injectors traced(Injectors injectors, RunSpec spec) {
    return traced(injectors, headers(spec));
  }

  private static Injectors traced(Injectors injectors, RunHeaders headers) {
    return injectors.mapped(
        injector -> TracedInjector.of(injector, headers::within, SpanIds.EXPERIMENT));
  }

  private RunHeaders headers(RunSpec spec) {
    return new RunHeaders(spec.traceId(), spec.id(), telemetry.isOn(), baggageHosts);
  }

  /** The metrics of scheduled GameDays. */
  public ScheduleMeters schedules() {
    return schedules;
  }

  /** Where the own metrics are served, if they are. */
  public Optional<URI> metricsPage() {
    return server.map(MetricsServer::url);
  }

  @Override
  public void close() {
    telemetry.close();
    outbox.ifPresent(
        box -> {
          long unsent = box.flush(LONGEST_FLUSH);
          if (unsent > 0) {
            complaints.accept(
                "Grafana did not take %d annotations%s; the next run sends them"
                    .formatted(unsent, box.refusal().map(Marks::helpNeeded).orElse("")));
          }
          box.close();
        });
    silencing.map(Silencing::keeper).ifPresent(this::close);
    server.ifPresent(MetricsServer::close);
  }

  private void close(SilenceKeeper keeper) {
    long left = keeper.flush(LONGEST_FLUSH);
    if (left > 0) {
      complaints.accept(
          "Alertmanager did not end %d silences; the next run ends them, or their time does (see \"firebreak doctor\")"
              .formatted(left));
    }
    keeper.close();
  }
}
