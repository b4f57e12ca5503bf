package dev.firebreak.app.cli;

import dev.firebreak.cascade.DegradationClass;
import dev.firebreak.experiment.BlastRadius;
import dev.firebreak.probe.SeriesId;
import dev.firebreak.probe.Signal;
import dev.firebreak.run.Phase;
import dev.firebreak.run.RunEvent;
import dev.firebreak.run.RunEvent.PhaseEntered;
import dev.firebreak.run.RunEvent.RunOpened;
import dev.firebreak.run.RunEvent.SamplesTaken;
import dev.firebreak.run.RunEvent.ServiceDegraded;
import dev.firebreak.run.RunEvent.SignalsFound;
import dev.firebreak.service.ServiceName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** What the live view shows, gathered from the events. Owned by one thread. */
final class LiveState {
  private Optional<RunOpened> opened = Optional.empty();
  private Phase phase = Phase.PREFLIGHT;
  private Instant phaseStart = Instant.EPOCH;
  private List<SeriesId> series = List.of();
  private final List<List<Double>> learned = new ArrayList<>();
  private List<Double> baseline = List.of();
  private List<Double> latest = List.of();
  private final Map<ServiceName, DegradationClass> degraded = new TreeMap<>();

  /** One signal of a service, now and before. */
  record Change(SeriesId series, double baseline, double latest) {
    /** How many times the baseline; 1 if there is none to compare with. */
    double factor() {
      return baseline > 0 && Double.isFinite(latest) ? latest / baseline : 1;
    }
  }

  void take(RunEvent event) {
    if (event instanceof RunOpened opening) {
      opened = Optional.of(opening);
    } else if (event instanceof PhaseEntered entered) {
      enter(entered);
    } else if (event instanceof SignalsFound found) {
      series = found.series();
    } else if (event instanceof SamplesTaken taken) {
      latest = taken.values();
      if (phase == Phase.BASELINE) {
        learned.add(latest);
      }
    } else if (event instanceof ServiceDegraded finding) {
      take(finding);
    }
  }

  private void enter(PhaseEntered entered) {
    if (phase == Phase.BASELINE) {
      baseline = medians();
    }
    phase = entered.phase();
    phaseStart = entered.at();
  }

  private void take(ServiceDegraded degradation) {
    ServiceName service = degradation.finding().service();
    if (degradation.finding().recoveredAt().isPresent()) {
      degraded.remove(service);
    } else {
      degraded.put(service, degradation.finding().degradation());
    }
  }

  private List<Double> medians() {
    List<Double> medians = new ArrayList<>();
    for (int i = 0; i < series.size(); i++) {
      medians.add(median(i));
    }
    return medians;
  }

  private double median(int index) {
    List<Double> values = new ArrayList<>();
    for (List<Double> sample : learned) {
      if (Double.isFinite(sample.get(index))) {
        values.add(sample.get(index));
      }
    }
    Collections.sort(values);
    return values.isEmpty() ? Double.NaN : values.get(values.size() / 2);
  }

  Optional<RunOpened> opened() {
    return opened;
  }

  Phase phase() {
    return phase;
  }

  Instant phaseStart() {
    return phaseStart;
  }

  /** The services that have series, those inside first. */
  List<ServiceName> services() {
    return series.stream()
        .map(SeriesId::service)
        .distinct()
        .sorted((a, b) -> Boolean.compare(isInside(b), isInside(a)))
        .toList();
  }

  boolean isInside(ServiceName service) {
    return opened
        .map(RunOpened::radius)
        .map(BlastRadius::inject)
        .orElse(Set.of())
        .contains(service);
  }

  Optional<DegradationClass> degradation(ServiceName service) {
    return Optional.ofNullable(degraded.get(service));
  }

  Optional<Change> change(ServiceName service, String signal) {
    for (int i = 0; i < series.size(); i++) {
      SeriesId id = series.get(i);
      if (id.service().equals(service) && id.signal().name().equals(signal)) {
        return Optional.of(new Change(id, at(baseline, i), at(latest, i)));
      }
    }
    return Optional.empty();
  }

  /** The outside latency that rose most, measured in times its baseline. */
  Optional<Change> worst() {
    Optional<Change> worst = Optional.empty();
    for (int i = 0; i < Math.min(series.size(), baseline.size()); i++) {
      SeriesId id = series.get(i);
      if (id.signal().kind() == Signal.Kind.LATENCY && !isInside(id.service())) {
        Change change = new Change(id, at(baseline, i), at(latest, i));
        if (worst.isEmpty() || change.factor() > worst.get().factor()) {
          worst = Optional.of(change);
        }
      }
    }
    return worst;
  }

  private static double at(List<Double> values, int index) {
    return index < values.size() ? values.get(index) : Double.NaN;
  }
}
