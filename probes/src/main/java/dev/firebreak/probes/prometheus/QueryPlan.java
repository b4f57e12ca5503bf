package dev.firebreak.probes.prometheus;

import dev.firebreak.probe.Signal;
import dev.firebreak.probes.prometheus.Catalogue.Part;
import dev.firebreak.probes.prometheus.Catalogue.VitalSign;
import dev.firebreak.probes.signal.Grouping;
import dev.firebreak.probes.signal.PromQl;
import dev.firebreak.probes.signal.Ranges;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The queries of one look, one for each signal.
 *
 * @param signals what gives each signal
 * @param newest when each service's newest sample was taken, in seconds of the epoch
 * @param up whether each service's targets answer Prometheus
 */
record QueryPlan(Map<Signal, Query> signals, Query newest, Query up) {
  /**
   * One query.
   *
   * @param label the one that names the service in the answer
   */
  record Query(String promql, String label) {}

  /** Where the packs name services by different labels, all are brought to this one. */
  private static final String COMMON_LABEL = "firebreak_service";

  /** An answer without series: where only proxies tell of services, no target is a service's. */
  private static final Query NOTHING = new Query("up unless up", "job");

  private static final Pattern COUNTER = Pattern.compile(".+_(total|count|bucket)");

  /** How long the series of a target that went away still tell whose target it was. */
  private static final Duration REMEMBERED = Duration.ofMinutes(5);

  QueryPlan {
    signals = Map.copyOf(signals);
  }

  static QueryPlan of(Catalogue catalogue, Ranges ranges) {
    Map<Signal, Query> signals = new TreeMap<>();
    catalogue.signals().forEach((signal, parts) -> signals.put(signal, firstOf(parts, ranges)));
    return new QueryPlan(
        signals, newest(catalogue.vitalSigns()), up(catalogue.vitalSigns(), ranges));
  }

  /** For each service the first part that has something about it. */
  private static Query firstOf(List<Part> parts, Ranges ranges) {
    List<Query> queries = new ArrayList<>();
    for (Part part : parts) {
      String promql = part.formula().promql(part.grouping(), ranges);
      queries.add(new Query(promql, part.grouping().label()));
    }
    if (queries.size() == 1) {
      return queries.get(0);
    }
    List<String> renamed = queries.stream().map(QueryPlan::renamed).toList();
    return new Query(String.join(" or on (" + COMMON_LABEL + ") ", renamed), COMMON_LABEL);
  }

  private static String renamed(Query query) {
    return "label_replace(%s, \"%s\", \"$1\", \"%s\", \"(.*)\")"
        .formatted(query.promql(), COMMON_LABEL, query.label());
  }

  private static Query newest(List<VitalSign> signs) {
    return greatestOf(
        signs.stream()
            .map(
                sign ->
                    new Query(
                        "max by (%s) (timestamp(%s))"
                            .formatted(sign.grouping().label(), selector(sign)),
                        sign.grouping().label()))
            .toList());
  }

  private static String selector(VitalSign sign) {
    return sign.metric().and(sign.grouping().matchers()).promql();
  }

  private static Query greatestOf(List<Query> queries) {
    if (queries.size() == 1) {
      return queries.get(0);
    }
    List<String> renamed = queries.stream().map(QueryPlan::renamed).toList();
    return new Query(
        "max by (%s) (%s)".formatted(COMMON_LABEL, PromQl.union(renamed)), COMMON_LABEL);
  }

  /**
   * {@code up} knows targets, not services: which service a target is, its other series tell. They
   * are looked up in the past, since a target that is down has none now. A target that was started
   * again was down, however short of a scrape that was.
   */
  private static Query up(List<VitalSign> signs, Ranges ranges) {
    List<VitalSign> own = signs.stream().filter(sign -> !sign.aboutOthers()).toList();
    String targets =
        "(max by (job, instance) (last_over_time(up[%s]))%s)"
            .formatted(PromQl.duration(ranges.freshness()), unlessRestarted(own, ranges));
    List<Query> queries =
        own.stream().map(sign -> new Query(up(sign, targets), sign.grouping().label())).toList();
    return queries.isEmpty() ? NOTHING : greatestOf(queries);
  }

  /** Counters never fall but when their process begins anew. */
  private static String unlessRestarted(List<VitalSign> signs, Ranges ranges) {
    List<String> resets =
        signs.stream()
            .filter(sign -> COUNTER.matcher(sign.metric().metric()).matches())
            .map(sign -> sign.metric().promql())
            .distinct()
            .map(
                metric ->
                    "max by (job, instance) (resets(%s[%s])) > 0"
                        .formatted(metric, PromQl.duration(ranges.rate())))
            .toList();
    return resets.isEmpty()
        ? ""
        : " unless on (job, instance) (%s)".formatted(String.join(" or ", resets));
  }

  private static String up(VitalSign sign, String targets) {
    Grouping grouping = sign.grouping();
    return "max by (%s) (group by (%s) (last_over_time(%s[%s])) * on (job, instance) group_left () %s)"
        .formatted(
            grouping.label(),
            grouping.label().equals("job") ? "job, instance" : grouping.label() + ", job, instance",
            selector(sign),
            PromQl.duration(REMEMBERED),
            targets);
  }
}
