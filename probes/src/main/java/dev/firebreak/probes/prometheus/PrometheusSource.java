package dev.firebreak.probes.prometheus;

import dev.firebreak.experiment.Telemetry.Prometheus;
import dev.firebreak.probe.Change;
import dev.firebreak.probe.Discovery;
import dev.firebreak.probe.HistoricalSource;
import dev.firebreak.probe.History;
import dev.firebreak.probe.MetricSource;
import dev.firebreak.probe.ProbeException;
import dev.firebreak.probe.Reading;
import dev.firebreak.probe.Reading.Sample;
import dev.firebreak.probe.SeriesId;
import dev.firebreak.probe.Signal;
import dev.firebreak.probes.http.Asking;
import dev.firebreak.probes.http.Failures;
import dev.firebreak.probes.prometheus.Answer.Row;
import dev.firebreak.probes.prometheus.QueryPlan.Query;
import dev.firebreak.probes.signal.CallEdges;
import dev.firebreak.probes.signal.MetricNames;
import dev.firebreak.probes.signal.Ranges;
import dev.firebreak.probes.signal.ServiceLabel;
import dev.firebreak.probes.signal.SignalPack;
import dev.firebreak.service.CallGraph;
import dev.firebreak.service.CallGraph.Edge;
import dev.firebreak.service.ServiceName;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;

/**
 * Asks a Prometheus, or what speaks like one, for the signal packs: one query for each signal at
 * each look, however many services there are, all for the same instant. What is old, partial, not
 * finite or ambiguous is no evidence. Used by one thread at a time.
 */
public final class PrometheusSource implements MetricSource, HistoricalSource {
  private static final Duration READ_DEADLINE = Duration.ofSeconds(3);
  private static final Duration DISCOVERY_DEADLINE = Duration.ofSeconds(5);
  private static final Duration RANGE_DEADLINE = Duration.ofSeconds(30);

  /** How long a look waits for restarts and deploys at most: they are no evidence. */
  private static final Duration PATIENCE = Duration.ofMillis(500);

  /** A rate needs two samples in its window also when one or two scrapes are missed. */
  private static final int INTERVALS_IN_WINDOW = 4;

  /** One missed scrape is noise: the newest sample is then almost two intervals old. */
  private static final int INTERVALS_FRESH = 3;

  /** With shorter windows a handful of requests decides a quantile. */
  private static final Duration SHORTEST_WINDOW = Duration.ofSeconds(4);

  private static final Duration SHORTEST_FRESHNESS = Duration.ofSeconds(3);

  /** Beyond this somebody should look at the clocks; what is seen is evidence. */
  private static final Duration CLOCKS_DISAGREE = Duration.ofSeconds(5);

  /** Beyond this one of the clocks is wrong, and nobody can say from when a sample is. */
  private static final Duration CLOCK_IS_WRONG = Duration.ofSeconds(30);

  /** How far back the scrape interval and the call graph are looked for. */
  private static final Duration PAST = Duration.ofMinutes(5);

  private static final Signal UP = new Signal("up", Signal.Kind.AVAILABILITY);

  private final PrometheusApi api;
  private final Duration step;
  private final List<SignalPack> packs;
  private final InstantSource clock;
  private final LongSupplier nanoTime;
  private final OriginQuestion origins;

  /** How much the server's clock is ahead of ours. */
  private Duration ahead = Duration.ZERO;

  private Optional<QueryPlan> plan = Optional.empty();
  private Ranges ranges = new Ranges(SHORTEST_WINDOW, SHORTEST_FRESHNESS);
  private final Set<ServiceName> known = new HashSet<>();
  private final Set<ServiceName> everUp = new HashSet<>();

  /**
   * A source that has asked nothing yet.
   *
   * @param step how often it will be read
   * @param packs in order of precedence
   * @param nanoTime the monotonic clock
   * @throws IllegalArgumentException if the URL or a header cannot be used; says which
   */
  public PrometheusSource(
      Prometheus config,
      Duration step,
      List<SignalPack> packs,
      InstantSource clock,
      LongSupplier nanoTime) {
    this(config, step, packs, clock, nanoTime, Asking.plainly());
  }

  /**
   * A source that has asked nothing yet.
   *
   * @param step how often it will be read
   * @param packs in order of precedence
   * @param nanoTime the monotonic clock
   * @param asking what its requests say, and who is told of those that fail
   * @throws IllegalArgumentException if the URL or a header cannot be used; says which
   */
  public PrometheusSource(
      Prometheus config,
      Duration step,
      List<SignalPack> packs,
      InstantSource clock,
      LongSupplier nanoTime,
      Asking asking) {
    this.api = new PrometheusApi(config, READ_DEADLINE, asking);
    this.step = step;
    this.packs = List.copyOf(packs);
    this.clock = clock;
    this.nanoTime = nanoTime;
    Duration fifth = step.dividedBy(5);
    this.origins = new OriginQuestion(api, fifth.compareTo(PATIENCE) < 0 ? fifth : PATIENCE);
  }

  /** The query of each signal, for a report; empty before {@link #discover}. */
  public Map<Signal, String> queries() {
    Map<Signal, String> queries = new TreeMap<>();
    plan.ifPresent(
        found -> found.signals().forEach((signal, query) -> queries.put(signal, query.promql())));
    return queries;
  }

  @Override
  public Discovery discover() throws ProbeException {
    long deadline = nanoTime.getAsLong() + DISCOVERY_DEADLINE.toNanos();
    compareClocks(deadline);
    Instant at = serverNow();
    Catalogue catalogue =
        new Catalogue(packs, vector(ask(Catalogue.question(packs), at, deadline)));
    List<SeriesId> series = new ArrayList<>(catalogue.series());
    if (series.isEmpty()) {
      throw new ProbeException(
          "%s has no metric that tells how a service fares; looked for %s"
              .formatted(api, new MetricNames(packs).expression().replace("|", ", ")));
    }
    ranges = rangesFor(scrapeInterval(catalogue, at, deadline), step);
    QueryPlan made = QueryPlan.of(catalogue, ranges);
    plan = Optional.of(made);
    known.clear();
    series.forEach(id -> known.add(id.service()));
    addUp(made, at, deadline, series);
    CallGraph callGraph = callGraph(catalogue, at, deadline);
    // Last, since a server that is slow about it must not cost what matters.
    origins.prepare(originQuery(at, deadline));
    return new Discovery(
        series, catalogue.packs().stream().map(SignalPack::name).toList(), callGraph, Map.of());
  }

  private void addUp(QueryPlan made, Instant at, long deadline, List<SeriesId> series)
      throws ProbeException {
    everUp.clear();
    for (Row row : vector(ask(made.up().promql(), at, deadline))) {
      ServiceLabel.read(row.labels().get(made.up().label()))
          .filter(known::contains)
          .ifPresent(everUp::add);
    }
    everUp.forEach(service -> series.add(new SeriesId(service, UP)));
  }

  /** A server that cannot say so shows no restarts; its signals are evidence all the same. */
  private Optional<String> originQuery(Instant at, long deadline) throws ProbeException {
    try {
      Answer names =
          await(api.query(OriginQuery.question(), Optional.of(at), left(deadline)), deadline);
      return OriginQuery.of(names.rows());
    } catch (ExecutionException | TimeoutException e) {
      return Optional.empty();
    }
  }

  /** The ranges for metrics that are scraped every {@code interval} and read every {@code step}. */
  static Ranges rangesFor(Duration interval, Duration step) {
    return new Ranges(
        longest(interval.multipliedBy(INTERVALS_IN_WINDOW), longest(step, SHORTEST_WINDOW)),
        longest(interval.multipliedBy(INTERVALS_FRESH), SHORTEST_FRESHNESS));
  }

  private static Duration longest(Duration one, Duration other) {
    return one.compareTo(other) > 0 ? one : other;
  }

  /**
   * The longest interval of the jobs that matter. A server that does not know its targets, such as
   * Mimir or Thanos, shows it by the number of samples that it keeps; failing that, the step.
   */
  private Duration scrapeInterval(Catalogue catalogue, Instant at, long deadline)
      throws ProbeException {
    Set<String> jobs = catalogue.jobs();
    try {
      Map<String, Duration> intervals = await(api.scrapeIntervals(left(deadline)), deadline);
      Optional<Duration> interval =
          jobs.stream()
              .flatMap(job -> Optional.ofNullable(intervals.get(job)).stream())
              .max(Duration::compareTo);
      if (interval.isPresent()) {
        return interval.get();
      }
    } catch (ExecutionException | TimeoutException e) {
      // Many servers do not have this; the samples themselves tell.
    }
    return intervalOfSamples(catalogue, at, deadline);
  }

  private Duration intervalOfSamples(Catalogue catalogue, Instant at, long deadline)
      throws ProbeException {
    String metric = catalogue.vitalSigns().get(0).metric().promql();
    String question = "max(count_over_time(%s[%ds]))".formatted(metric, PAST.toSeconds());
    List<Row> rows = vector(ask(question, at, deadline));
    double samples = rows.isEmpty() ? 0 : rows.get(0).value();
    return samples >= 2 ? Duration.ofMillis(Math.round(PAST.toMillis() / samples)) : step;
  }

  private CallGraph callGraph(Catalogue catalogue, Instant at, long deadline)
      throws ProbeException {
    Set<Edge> edges = new HashSet<>();
    for (SignalPack pack : catalogue.packs()) {
      if (pack.callEdges().isPresent()) {
        edges.addAll(edges(pack.callEdges().get(), at, deadline));
      }
    }
    return new CallGraph(edges);
  }

  private Set<Edge> edges(CallEdges calls, Instant at, long deadline) throws ProbeException {
    String question =
        "sum by (%s, %s) (last_over_time(%s[%ds])) > 0"
            .formatted(
                calls.callerLabel(), calls.calleeLabel(), calls.calls().promql(), PAST.toSeconds());
    Set<Edge> edges = new HashSet<>();
    for (Row row : vector(ask(question, at, deadline))) {
      Optional<ServiceName> caller = ServiceLabel.read(row.labels().get(calls.callerLabel()));
      Optional<ServiceName> callee = ServiceLabel.read(row.labels().get(calls.calleeLabel()));
      if (caller.isPresent() && callee.isPresent()) {
        edges.add(new Edge(caller.get(), callee.get()));
      }
    }
    return edges;
  }

  @Override
  public Reading read() throws ProbeException {
    if (plan.isEmpty()) {
      discover();
    }
    QueryPlan current = plan.orElseThrow();
    long deadline = nanoTime.getAsLong() + READ_DEADLINE.toNanos();
    Instant at = serverNow();
    Look look = new Look(at, ranges.freshness(), known, everUp);
    origins.ask(at, left(deadline));
    ask(current, at, deadline, look);
    Reading reading = look.reading();
    reading.samples().forEach(sample -> known.add(sample.series().service()));
    reading.samples().stream()
        .map(Sample::series)
        .filter(id -> id.signal().equals(UP))
        .forEach(id -> everUp.add(id.service()));
    return withChanges(reading);
  }

  /** After the signals: a look without evidence leaves its changes to the next one. */
  private Reading withChanges(Reading seen) throws ProbeException {
    List<String> warnings = new ArrayList<>(seen.warnings());
    List<Change> changes = origins.changes(known::contains, warnings::add);
    return new Reading(seen.at(), seen.samples(), seen.unseen(), warnings, changes);
  }

  @Override
  public History history(Instant from, Instant to, Duration past) throws ProbeException {
    Discovery found = discover();
    PrometheusHistory history =
        new PrometheusHistory(
            this::askRange, plan.orElseThrow(), ranges.freshness(), known, found.series());
    Instant first = Instant.ofEpochMilli(from.plus(ahead).toEpochMilli());
    return new History(
        found.series(), found.callGraph(), history.looks(first, to.plus(ahead), past));
  }

  private Answer askRange(String promql, Instant from, Instant to, Duration every)
      throws ProbeException {
    long deadline = nanoTime.getAsLong() + RANGE_DEADLINE.toNanos();
    Answer answer = required(api.queryRange(promql, from, to, every, left(deadline)), deadline);
    if (!answer.type().equals("matrix")) {
      throw new ProbeException(
          "%s answered with a %s where a matrix was asked for".formatted(api, answer.type()));
    }
    return answer;
  }

  /** All questions of a look at once; the answers one after the other, by one deadline. */
  private void ask(QueryPlan current, Instant at, long deadline, Look look) throws ProbeException {
    Duration left = left(deadline);
    long askedNanos = nanoTime.getAsLong();
    Instant asked = clock.instant();
    CompletableFuture<Answer> serverTime = api.query("time()", Optional.empty(), left);
    CompletableFuture<Answer> newest = api.query(current.newest().promql(), Optional.of(at), left);
    CompletableFuture<Answer> up = api.query(current.up().promql(), Optional.of(at), left);
    Map<Signal, CompletableFuture<Answer>> signals = new TreeMap<>();
    current
        .signals()
        .forEach(
            (signal, query) ->
                signals.put(signal, api.query(query.promql(), Optional.of(at), left)));
    Duration before = ahead;
    // Noted when it comes: the others must not count into how long it took.
    CompletableFuture<Duration> skew =
        serverTime.thenApply(
            answer -> skew(answer, asked, nanoTime.getAsLong() - askedNanos, before));

    look.newest(required(newest, deadline), current.newest().label());
    for (Map.Entry<Signal, CompletableFuture<Answer>> signal : signals.entrySet()) {
      Query query = current.signals().get(signal.getKey());
      try {
        Answer answer = await(signal.getValue(), deadline);
        look.signal(signal.getKey(), answer, query == null ? "" : query.label());
      } catch (ExecutionException | TimeoutException e) {
        look.failed(signal.getKey().name(), Failures.describe(e));
      }
    }
    try {
      look.up(await(up, deadline), current.up().label());
    } catch (ExecutionException | TimeoutException e) {
      look.failed(UP.name(), Failures.describe(e));
    }
    hearClock(skew, deadline);
    if (ahead.abs().compareTo(CLOCKS_DISAGREE) > 0) {
      look.failed("time", clocks());
    }
  }

  private void hearClock(CompletableFuture<Duration> skew, long deadline) throws ProbeException {
    try {
      ahead = await(skew, deadline);
    } catch (ExecutionException | TimeoutException e) {
      // The age of the samples, by what was known of the clock before, tells enough.
      return;
    }
    requireRightClock();
  }

  private void requireRightClock() throws ProbeException {
    if (ahead.abs().compareTo(CLOCK_IS_WRONG) > 0) {
      throw new ProbeException(
          "%s: no evidence, %s, at most %d s are allowed"
              .formatted(api, clocks(), CLOCK_IS_WRONG.toSeconds()));
    }
  }

  private String clocks() {
    return "its clock is %d s %s ours"
        .formatted(
            Math.round(ahead.abs().toMillis() / 1e3), ahead.isNegative() ? "behind" : "ahead of");
  }

  private Instant serverNow() {
    return clock.instant().plus(ahead);
  }

  private void compareClocks(long deadline) throws ProbeException {
    long askedNanos = nanoTime.getAsLong();
    Instant asked = clock.instant();
    Answer answer = required(api.query("time()", Optional.empty(), left(deadline)), deadline);
    ahead = skew(answer, asked, nanoTime.getAsLong() - askedNanos, ahead);
    requireRightClock();
  }

  /** The server's time against ours halfway between question and answer. */
  private static Duration skew(Answer answer, Instant asked, long tookNanos, Duration otherwise) {
    double seconds = answer.rows().size() == 1 ? answer.rows().get(0).value() : Double.NaN;
    if (!(Math.abs(seconds) < Look.LATEST_SECONDS)) {
      return otherwise;
    }
    Instant server = Instant.ofEpochMilli(Math.round(1000 * seconds));
    return Duration.between(asked.plusNanos(tookNanos / 2), server);
  }

  private Answer ask(String promql, Instant at, long deadline) throws ProbeException {
    return required(api.query(promql, Optional.of(at), left(deadline)), deadline);
  }

  private List<Row> vector(Answer answer) throws ProbeException {
    if (!answer.type().equals("vector")) {
      throw new ProbeException(
          "%s answered with a %s where a vector was asked for".formatted(api, answer.type()));
    }
    return answer.rows();
  }

  private Answer required(CompletableFuture<Answer> answer, long deadline) throws ProbeException {
    try {
      return await(answer, deadline);
    } catch (ExecutionException | TimeoutException e) {
      throw new ProbeException(api + ": " + Failures.describe(e), e);
    }
  }

  private <T> T await(CompletableFuture<T> answer, long deadline)
      throws ProbeException, ExecutionException, TimeoutException {
    try {
      return answer.get(left(deadline).toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      answer.cancel(true);
      throw e;
    } catch (InterruptedException e) {
      answer.cancel(true);
      Thread.currentThread().interrupt();
      throw new ProbeException("interrupted while asking " + api, e);
    }
  }

  /** At least a millisecond, since a request wants a deadline above zero. */
  private Duration left(long deadline) {
    return Duration.ofNanos(Math.max(1_000_000, deadline - nanoTime.getAsLong()));
  }

  @Override
  public void close() {
    // The client has no connections that anybody waits for: idle ones close by themselves.
    origins.close();
    plan = Optional.empty();
  }
}
