package dev.firebreak.probes.prometheus;

import dev.firebreak.probe.Discovery;
import dev.firebreak.probe.SeriesId;
import dev.firebreak.probe.Signal;
import dev.firebreak.probes.prometheus.Answer.Row;
import dev.firebreak.probes.signal.Formula;
import dev.firebreak.probes.signal.Grouping;
import dev.firebreak.probes.signal.Labels;
import dev.firebreak.probes.signal.Matcher;
import dev.firebreak.probes.signal.MetricNames;
import dev.firebreak.probes.signal.PromQl;
import dev.firebreak.probes.signal.Selector;
import dev.firebreak.probes.signal.ServiceLabel;
import dev.firebreak.probes.signal.SignalDefinition;
import dev.firebreak.probes.signal.SignalPack;
import dev.firebreak.service.ServiceName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Which metrics a server has, and by which labels their series name services. Pure data, made from
 * the answer to {@link #question}.
 */
final class Catalogue {
  private final List<SignalPack> packs;
  private final Map<String, Set<Labels>> names = new TreeMap<>();

  /**
   * What {@code rows} show of {@code packs}.
   *
   * @param rows the answer to {@link #question}
   */
  Catalogue(List<SignalPack> packs, List<Row> rows) {
    for (Row row : rows) {
      names
          .computeIfAbsent(row.labels().get("__name__"), name -> new LinkedHashSet<>())
          .add(row.labels());
    }
    this.packs = packs.stream().flatMap(pack -> pack.resolve(names.keySet()).stream()).toList();
  }

  /** One query for all that the packs look for. */
  static String question(List<SignalPack> packs) {
    Set<String> labels = new LinkedHashSet<>(List.of("__name__", "job"));
    packs.forEach(pack -> labels.addAll(pack.serviceLabels()));
    return "count by (%s) ({__name__=~%s})"
        .formatted(String.join(", ", labels), PromQl.quote(new MetricNames(packs).expression()));
  }

  /** The packs that were found, with what was found of them. */
  List<SignalPack> packs() {
    return packs;
  }

  /** Every series of a service that has at least one signal that decides. */
  List<SeriesId> series() {
    List<SeriesId> series = new ArrayList<>();
    for (SignalPack pack : packs) {
      metricsByService(pack)
          .forEach(
              (service, metrics) -> {
                for (SignalDefinition definition : pack.definitions()) {
                  if (definition.formula().resolve(metrics).isPresent()) {
                    series.add(new SeriesId(service, definition.signal()));
                  }
                }
              });
    }
    return Discovery.withoutMereEvidence(series);
  }

  private Map<ServiceName, Set<String>> metricsByService(SignalPack pack) {
    Map<ServiceName, Set<String>> metrics = new TreeMap<>();
    pack.selectors()
        .map(Selector::metric)
        .distinct()
        .forEach(
            metric -> {
              for (Labels labels : names.getOrDefault(metric, Set.of())) {
                firstLabel(pack, labels)
                    .filter(label -> pack.isMember(labels))
                    .map(labels::get)
                    .flatMap(ServiceLabel::read)
                    .ifPresent(
                        service ->
                            metrics.computeIfAbsent(service, name -> new TreeSet<>()).add(metric));
              }
            });
    return metrics;
  }

  /** The jobs that show a sign of life of some service. */
  Set<String> jobs() {
    Set<String> jobs = new TreeSet<>();
    for (SignalPack pack : packs) {
      pack.vitalSigns()
          .flatMap(selector -> names.getOrDefault(selector.metric(), Set.of()).stream())
          .forEach(labels -> jobs.add(labels.get("job")));
    }
    return jobs;
  }

  /** The formulas of each signal, in the order of the packs, with how they are grouped. */
  Map<Signal, List<Part>> signals() {
    Map<Signal, List<Part>> signals = new TreeMap<>();
    for (SignalPack pack : packs) {
      for (SignalDefinition definition : pack.definitions()) {
        List<String> metrics =
            definition.formula().selectors().stream().map(Selector::metric).toList();
        for (Grouping grouping : groupings(pack, metrics)) {
          signals
              .computeIfAbsent(definition.signal(), signal -> new ArrayList<>())
              .add(new Part(definition.formula(), grouping));
        }
      }
    }
    return signals;
  }

  /** A formula over the series that name their service by one label. */
  record Part(Formula formula, Grouping grouping) {}

  /** The metrics that show that services are alive, with how they are grouped. */
  List<VitalSign> vitalSigns() {
    Set<VitalSign> signs = new LinkedHashSet<>();
    for (SignalPack pack : packs) {
      pack.vitalSigns()
          .forEach(
              selector ->
                  groupings(pack, List.of(selector.metric()))
                      .forEach(
                          grouping ->
                              signs.add(new VitalSign(selector, grouping, pack.aboutOthers()))));
    }
    return List.copyOf(signs);
  }

  /**
   * A metric that shows that a service is alive, over the series with one label for it.
   *
   * @param aboutOthers whether another process tells it, so that its target is not the service's
   */
  record VitalSign(Selector metric, Grouping grouping, boolean aboutOthers) {}

  /**
   * One grouping for each label that names the service of some series: the first of the pack's
   * labels that a series has, so that no series falls between two conventions.
   */
  private List<Grouping> groupings(SignalPack pack, List<String> metrics) {
    Map<String, Grouping> groupings = new HashMap<>();
    List<Grouping> ordered = new ArrayList<>();
    for (String metric : metrics) {
      for (Labels labels : names.getOrDefault(metric, Set.of())) {
        firstLabel(pack, labels)
            .filter(label -> !groupings.containsKey(label))
            .ifPresent(label -> groupings.put(label, new Grouping(label, List.of())));
      }
    }
    List<Matcher> before = new ArrayList<>();
    for (String label : pack.serviceLabels()) {
      if (groupings.containsKey(label)) {
        List<Matcher> matchers = new ArrayList<>(before);
        if (groupings.size() > 1) {
          matchers.add(Matcher.notEqual(label, ""));
        }
        ordered.add(new Grouping(label, matchers));
        before.add(Matcher.equal(label, ""));
      }
    }
    return ordered;
  }

  private static Optional<String> firstLabel(SignalPack pack, Labels labels) {
    return pack.serviceLabels().stream().filter(label -> !labels.get(label).isEmpty()).findFirst();
  }
}
