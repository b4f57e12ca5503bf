package dev.firebreak.probes.scrape;

import dev.firebreak.probes.origin.OriginMetric;
import dev.firebreak.probes.origin.Origins;
import dev.firebreak.probes.scrape.ScrapeHistory.Series;
import dev.firebreak.probes.scrape.Target.Sight;
import dev.firebreak.probes.signal.ServiceLabel;
import dev.firebreak.service.ServiceName;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Reads from the newest pages when services started and of what build they are. */
final class PageOrigins {
  private PageOrigins() {}

  /** Those of the services that are {@code known}, from the targets that were seen. */
  static Origins of(Instant at, List<Target> targets, Predicate<ServiceName> known) {
    Origins origins = new Origins(at);
    for (Target target : targets) {
      if (target.sight() == Sight.SEEN) {
        for (Series series : target.history().newest()) {
          OriginMetric.find(series.metric())
              .flatMap(metric -> serviceOf(metric, series, target))
              .filter(known)
              .ifPresent(
                  service ->
                      origins.add(service, series.metric(), series.labels(), series.value()));
        }
      }
    }
    return origins;
  }

  private static Optional<ServiceName> serviceOf(
      OriginMetric metric, Series series, Target target) {
    return metric.aboutOthers()
        ? ServiceLabel.read(metric.serviceOf(series.labels()))
        : Optional.of(target.serviceOf(series.labels(), metric.serviceLabels()));
  }
}
