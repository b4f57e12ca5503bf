package dev.firebreak.cascade;

import dev.firebreak.probe.Signal;
import dev.firebreak.service.ServiceName;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One degraded service.
 *
 * @param signal the signal that told first
 * @param baseline its value before, in base units
 * @param observed its worst value since, in base units
 * @param onset when the degradation began, dated back
 * @param flaggedAt when the evidence was enough
 * @param path the way of the failure from the injected service to this one, ends included; empty
 *     when the call graph does not explain it
 * @param note why this class, in one sentence
 * @param recoveredAt when it was back within its baseline
 */
public record Finding(
    ServiceName service,
    DegradationClass degradation,
    Signal signal,
    double baseline,
    double observed,
    Instant onset,
    Instant flaggedAt,
    List<ServiceName> path,
    String note,
    Optional<Instant> recoveredAt) {
  public Finding {
    path = List.copyOf(path);
  }
}
