package dev.firebreak.probes.prometheus;

import dev.firebreak.probes.origin.OriginMetric;
import dev.firebreak.probes.origin.OriginMetric.Tells;
import dev.firebreak.probes.origin.Origins;
import dev.firebreak.probes.prometheus.Answer.Row;
import dev.firebreak.probes.signal.PromQl;
import dev.firebreak.probes.signal.ServiceLabel;
import dev.firebreak.service.ServiceName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * The one query by which a server tells when services started and of what build they are. Summed up
 * by the server: the answer has a row or two for each service, however many instances it has.
 */
final class OriginQuery {
  private OriginQuery() {}

  /** Which of the metrics there are: asked once, since a look should name them. */
  static String question() {
    List<String> names =
        OriginMetric.builtIn().stream()
            .map(origin -> origin.metric().metric().replace("*", ".+"))
            .toList();
    return "group by (__name__) ({__name__=~%s})".formatted(PromQl.quote(String.join("|", names)));
  }

  /**
   * The query for a look.
   *
   * @param rows the answer to {@link #question}
   * @return empty if the server has none of the metrics
   */
  static Optional<String> of(List<Row> rows) {
    Set<String> builds = new TreeSet<>();
    List<String> parts = new ArrayList<>();
    for (Row row : rows) {
      String name = row.labels().get("__name__");
      OriginMetric.find(name)
          .ifPresent(
              origin -> {
                if (origin.tells() == Tells.BUILD) {
                  builds.add(name);
                } else {
                  parts.add(
                      "max by (%s) (%s)"
                          .formatted(
                              labels(origin.serviceLabels(), List.of()), origin.metric().promql()));
                }
              });
    }
    if (!builds.isEmpty()) {
      parts.add(builds(builds));
    }
    // Where two parts have the same labels, the later row lacks a version and tells nothing.
    return parts.isEmpty() ? Optional.empty() : Optional.of(String.join(" or ", parts));
  }

  private static String builds(Set<String> names) {
    OriginMetric any = OriginMetric.find(names.iterator().next()).orElseThrow();
    return "group by (%s) ({__name__=~%s})"
        .formatted(
            labels(any.serviceLabels(), OriginMetric.VERSION_LABELS),
            PromQl.quote(String.join("|", names)));
  }

  private static String labels(List<String> services, List<String> more) {
    List<String> labels = new ArrayList<>(List.of("__name__"));
    labels.addAll(services);
    labels.addAll(more);
    return String.join(", ", labels);
  }

  /** What an answer tells of the services that are {@code known}; nothing if it is partial. */
  static Origins read(Answer answer, Instant at, Predicate<ServiceName> known) {
    Origins origins = new Origins(at);
    if (answer.type().equals("vector") && answer.warnings().isEmpty()) {
      answer.rows().forEach(row -> read(row, origins, known));
    }
    return origins;
  }

  private static void read(Row row, Origins origins, Predicate<ServiceName> known) {
    String name = row.labels().get("__name__");
    OriginMetric.find(name)
        .map(origin -> origin.serviceOf(row.labels()))
        .flatMap(ServiceLabel::read)
        .filter(known)
        .ifPresent(service -> origins.add(service, name, row.labels(), row.value()));
  }
}
