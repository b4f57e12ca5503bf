package dev.firebreak.annotations.grafana;

import dev.firebreak.annotations.EventHandlers;
import dev.firebreak.annotations.FaultsInPlace;
import dev.firebreak.cascade.DegradationClass;
import dev.firebreak.cascade.Finding;
import dev.firebreak.fault.FaultId;
import dev.firebreak.run.RunEvent;
import dev.firebreak.run.RunEvent.FaultArmed;
import dev.firebreak.run.RunEvent.Halted;
import dev.firebreak.run.RunEvent.InjectionAcknowledged;
import dev.firebreak.run.RunEvent.InjectionFailed;
import dev.firebreak.run.RunEvent.RollbackAbandoned;
import dev.firebreak.run.RunEvent.RollbackRequested;
import dev.firebreak.run.RunEvent.RollbackVerified;
import dev.firebreak.run.RunEvent.RunClosed;
import dev.firebreak.run.RunEvent.RunOpened;
import dev.firebreak.run.RunEvent.ServiceDegraded;
import dev.firebreak.run.RunListener;
import dev.firebreak.service.ServiceName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Marks one run in Grafana: a region for each injected service while a fault is, or may be, in it,
 * and for each service that failure escaped to until it recovers; points where the run was halted
 * and where the rollback began. The same events give the same marks, so that they may be told
 * again, from the first, after a crash. A listener for one run alone; never waits for Grafana.
 */
public final class GrafanaAnnotator implements RunListener {
  private final GrafanaOutbox outbox;
  private final MarkLinks links;
  private final FaultsInPlace faults = new FaultsInPlace();
  private final Map<ServiceName, Region> regions = new LinkedHashMap<>();
  private final Map<ServiceName, Escape> escapes = new LinkedHashMap<>();
  private final Map<ServiceName, Mark> rollbacks = new LinkedHashMap<>();
  private Optional<RunOpened> run = Optional.empty();
  private Optional<RunClosed> closed = Optional.empty();

  private final EventHandlers handlers =
      new EventHandlers()
          .handle(RunOpened.class, event -> run = Optional.of(event))
          .handle(InjectionAcknowledged.class, event -> injected(event.fault()))
          .handle(InjectionFailed.class, this::failed)
          .handle(ServiceDegraded.class, event -> degraded(event.finding()))
          .handle(Halted.class, this::halted)
          .handle(RollbackRequested.class, this::rollbackBegan)
          .handle(RollbackVerified.class, this::rolledBack)
          .handle(RollbackAbandoned.class, this::abandoned)
          .handle(RunClosed.class, this::closed);

  /** What is known of one injected service. */
  private static final class Region {
    final Instant start;
    final List<FaultArmed> faults = new ArrayList<>();
    Optional<Instant> end = Optional.empty();
    String ending = "";

    Region(Instant start) {
      this.start = start;
    }
  }

  /**
   * What is known of one service that failure escaped to.
   *
   * @param since the onset that was told first: a mark cannot move
   */
  private record Escape(Finding finding, Instant since) {}

  /** Marks one run by way of {@code outbox}, with texts that lead to {@code links}. */
  public GrafanaAnnotator(GrafanaOutbox outbox, MarkLinks links) {
    this.outbox = outbox;
    this.links = links;
  }

  @Override
  public void on(RunEvent event) {
    faults.on(event);
    handlers.on(event);
  }

  private void injected(FaultId fault) {
    Optional<Instant> sentAt = faults.sentAt(fault);
    Optional<FaultArmed> armed = faults.find(fault);
    if (sentAt.isEmpty() || armed.isEmpty()) {
      return;
    }
    ServiceName service = armed.get().service();
    Region region = regions.computeIfAbsent(service, any -> new Region(sentAt.get()));
    region.faults.add(armed.get());
    region.end = Optional.empty();
    region.ending = "";
    show(service, region);
  }

  /** Without a certain answer the fault may be there, and people must know. */
  private void failed(InjectionFailed event) {
    if (event.ambiguous()) {
      injected(event.fault());
    }
  }

  private void degraded(Finding finding) {
    ServiceName service = finding.service();
    Escape before = escapes.get(service);
    if (before == null && finding.degradation() != DegradationClass.ESCAPED) {
      return;
    }
    Escape escape = new Escape(finding, before == null ? finding.onset() : before.since());
    escapes.put(service, escape);
    show(escape);
  }

  /**
   * A point until the service recovers, then a region; nothing once it is not tied to the fault.
   */
  private void show(Escape escape) {
    Finding finding = escape.finding();
    Mark point =
        point(
            Role.ESCAPED,
            Optional.of(finding.service()),
            escape.since().toEpochMilli(),
            text().escaped(finding, closed));
    Mark mark = finding.recoveredAt().map(end -> point.endingAt(end.toEpochMilli())).orElse(point);
    boolean escaped = finding.degradation() == DegradationClass.ESCAPED;
    outbox.put(opened().runId(), escaped ? mark : mark.asWithdrawn());
  }

  private void halted(Halted event) {
    outbox.put(
        opened().runId(),
        point(
            Role.HALT, Optional.empty(), event.at().toEpochMilli(), text().halted(event.cause())));
  }

  private void rollbackBegan(RollbackRequested event) {
    faults
        .find(event.fault())
        .map(FaultArmed::service)
        .filter(service -> !rollbacks.containsKey(service))
        .ifPresent(
            service -> {
              String text = text().rolledBack(service, "requested");
              long time = event.at().toEpochMilli();
              put(rollbacks, service, point(Role.ROLLBACK, Optional.of(service), time, text));
            });
  }

  private void rolledBack(RollbackVerified event) {
    faults
        .find(event.fault())
        .map(FaultArmed::service)
        .filter(service -> !faults.anyIn(service))
        .ifPresent(service -> ended(service, event.at(), "verified: " + event.evidence()));
  }

  /** Ends the region with the run's interest in it, and says that this is not the fault's end. */
  private void abandoned(RollbackAbandoned event) {
    faults
        .find(event.fault())
        .map(FaultArmed::service)
        .ifPresent(
            service ->
                ended(
                    service,
                    event.at(),
                    "NOT verified, the fault may still be there: " + event.message()));
  }

  private void ended(ServiceName service, Instant at, String state) {
    Mark point = rollbacks.get(service);
    if (point != null) {
      put(rollbacks, service, point.saying(text().rolledBack(service, state)));
    }
    Region region = regions.get(service);
    if (region != null) {
      region.end = Optional.of(at);
      region.ending = "rollback " + state;
      show(service, region);
    }
  }

  private void closed(RunClosed event) {
    closed = Optional.of(event);
    regions.forEach(
        (service, region) -> {
          if (region.end.isEmpty()) {
            region.end = Optional.of(event.at());
            region.ending = "the run ended without a verified rollback";
          }
          show(service, region);
        });
    escapes.values().forEach(this::show);
    outbox.complete(opened().runId());
  }

  private void show(ServiceName service, Region region) {
    Mark mark =
        point(
            Role.INJECTED,
            Optional.of(service),
            region.start.toEpochMilli(),
            text().injected(region.faults, closed, region.ending));
    outbox.put(
        opened().runId(), region.end.map(end -> mark.endingAt(end.toEpochMilli())).orElse(mark));
  }

  private void put(Map<ServiceName, Mark> marks, ServiceName service, Mark mark) {
    marks.put(service, mark);
    outbox.put(opened().runId(), mark);
  }

  private Mark point(Role role, Optional<ServiceName> service, long time, String text) {
    String key = role.tag() + service.map(name -> ":" + name).orElse("");
    return Mark.point(key, time, text, Tags.of(opened(), role, service));
  }

  private MarkText text() {
    return new MarkText(opened(), links);
  }

  private RunOpened opened() {
    return run.orElseThrow(() -> new IllegalStateException("the run was not opened"));
  }
}
