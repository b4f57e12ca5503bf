package dev.firebreak.probes.prometheus;

import dev.firebreak.probe.History;
import dev.firebreak.probe.ProbeException;
import dev.firebreak.probe.Reading.Sample;
import dev.firebreak.probe.SeriesId;
import dev.firebreak.probe.Signal;
import dev.firebreak.probes.prometheus.Answer.Row;
import dev.firebreak.probes.prometheus.QueryPlan.Query;
import dev.firebreak.service.ServiceName;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Reads looks of the past by range queries, one question after the other, and decides with the
 * rules of a live look what is evidence. Used by one thread.
 */
final class PrometheusHistory {
  /** A Prometheus refuses more than 11,000 points of one series. */
  private static final int MOST_POINTS = 10_000;

  /** What one answer may hold, so that it stays far below the bytes that are read of one. */
  private static final int MOST_ROWS = 200_000;

  /** How a range of questions is asked. */
  interface Range {
    /** The answer, a matrix, for {@code from} and each step up to {@code to}. */
    Answer ask(String promql, Instant from, Instant to, Duration step) throws ProbeException;
  }

  private final Range range;
  private final QueryPlan plan;
  private final Duration freshness;
  private final Set<ServiceName> known;
  private final Set<ServiceName> everUp = new TreeSet<>();
  private final List<SeriesId> series;
  private final Map<SeriesId, Integer> index = new HashMap<>();

  /**
   * Asks nothing yet.
   *
   * @param known the services that the source has now
   * @param series the order of the values
   */
  PrometheusHistory(
      Range range,
      QueryPlan plan,
      Duration freshness,
      Set<ServiceName> known,
      List<SeriesId> series) {
    this.range = range;
    this.plan = plan;
    this.freshness = freshness;
    this.known = Set.copyOf(known);
    this.series = List.copyOf(series);
    for (int i = 0; i < series.size(); i++) {
      index.put(series.get(i), i);
    }
  }

  /** The looks at {@code from} and each step up to {@code to}, by the server's clock. */
  List<History.Look> looks(Instant from, Instant to, Duration step) throws ProbeException {
    int points = Math.min(MOST_POINTS, Math.max(1, MOST_ROWS / Math.max(1, known.size())));
    List<History.Look> looks = new ArrayList<>();
    for (Instant start = from; !start.isAfter(to); start = start.plus(step.multipliedBy(points))) {
      Instant last = start.plus(step.multipliedBy(points - 1L));
      looks.addAll(part(start, last.isAfter(to) ? to : last, step));
    }
    return looks;
  }

  private List<History.Look> part(Instant from, Instant to, Duration step) throws ProbeException {
    Map<Long, Answer> newest = byTime(range.ask(plan.newest().promql(), from, to, step));
    Map<Long, Answer> up = byTime(range.ask(plan.up().promql(), from, to, step));
    Map<Signal, Map<Long, Answer>> signals = new TreeMap<>();
    for (Map.Entry<Signal, Query> signal : plan.signals().entrySet()) {
      signals.put(signal.getKey(), byTime(range.ask(signal.getValue().promql(), from, to, step)));
    }
    List<History.Look> looks = new ArrayList<>();
    for (Instant at = from; !at.isAfter(to); at = at.plus(step)) {
      looks.add(new History.Look(at, values(at, newest, signals, up)));
    }
    return looks;
  }

  /** The answer at each time, as an instant query would have given it. */
  private static Map<Long, Answer> byTime(Answer matrix) {
    Map<Long, List<Row>> rows = new HashMap<>();
    for (Row row : matrix.rows()) {
      rows.computeIfAbsent(Math.round(1_000 * row.atSeconds()), at -> new ArrayList<>()).add(row);
    }
    Map<Long, Answer> answers = new HashMap<>();
    rows.forEach(
        (at, some) -> answers.put(at, new Answer("vector", some, matrix.warnings(), List.of())));
    return answers;
  }

  private double[] values(
      Instant at,
      Map<Long, Answer> newest,
      Map<Signal, Map<Long, Answer>> signals,
      Map<Long, Answer> up) {
    double[] values = new double[series.size()];
    Arrays.fill(values, Double.NaN);
    try {
      Look look = new Look(at, freshness, known, everUp);
      look.newest(at(at, newest), plan.newest().label());
      plan.signals()
          .forEach(
              (signal, query) ->
                  look.signal(
                      signal, at(at, signals.getOrDefault(signal, Map.of())), query.label()));
      look.up(at(at, up), plan.up().label());
      for (Sample sample : look.reading().samples()) {
        Integer place = index.get(sample.series());
        if (place != null) {
          values[place] = sample.value();
          rememberUp(sample);
        }
      }
    } catch (ProbeException e) {
      // Nothing was seen at that time: a look without evidence, as it would have been then.
    }
    return values;
  }

  private void rememberUp(Sample sample) {
    if (sample.series().signal().kind() == Signal.Kind.AVAILABILITY) {
      everUp.add(sample.series().service());
    }
  }

  private static Answer at(Instant at, Map<Long, Answer> answers) {
    Answer answer = answers.get(at.toEpochMilli());
    return answer == null ? new Answer("vector", List.of(), List.of(), List.of()) : answer;
  }
}
