package dev.firebreak.probes.scrape;

import dev.firebreak.experiment.Telemetry.Scrape;
import dev.firebreak.experiment.Telemetry.ScrapeTarget;
import dev.firebreak.probe.Discovery;
import dev.firebreak.probe.MetricSource;
import dev.firebreak.probe.ProbeException;
import dev.firebreak.probe.Reading;
import dev.firebreak.probe.Reading.Sample;
import dev.firebreak.probe.SeriesId;
import dev.firebreak.probe.Signal;
import dev.firebreak.probes.http.Address;
import dev.firebreak.probes.http.Asking;
import dev.firebreak.probes.origin.ChangeWatch;
import dev.firebreak.probes.origin.OriginMetric;
import dev.firebreak.probes.scrape.ScrapeHistory.Series;
import dev.firebreak.probes.scrape.Target.Sight;
import dev.firebreak.probes.signal.CallEdges;
import dev.firebreak.probes.signal.Formula;
import dev.firebreak.probes.signal.MetricNames;
import dev.firebreak.probes.signal.Selector;
import dev.firebreak.probes.signal.ServiceLabel;
import dev.firebreak.probes.signal.SignalDefinition;
import dev.firebreak.probes.signal.SignalPack;
import dev.firebreak.service.CallGraph;
import dev.firebreak.service.CallGraph.Edge;
import dev.firebreak.service.ServiceName;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;

/**
 * Reads the services' own metrics pages, all at once at each look, and evaluates the signal packs
 * over the last few pages. Needs no Prometheus. A page that does not come is no evidence, and
 * nothing remembered stands in for it. Used by one thread at a time.
 */
public final class ScrapeSource implements MetricSource {
  /** After this a page does not come any more. */
  static final Duration DEADLINE = Duration.ofSeconds(2);

  /**
   * Steps in a window: the rate over it then follows a change within two or three looks, and one
   * missed page leaves three spans to take it from. Prometheus' users take four scrape intervals
   * for the same reason.
   */
  private static final int STEPS_IN_WINDOW = 4;

  /** With shorter windows a handful of requests decides a quantile. */
  private static final Duration SHORTEST_WINDOW = Duration.ofSeconds(4);

  private static final int DEEPEST_HISTORY = 128;

  private static final Signal UP = new Signal("up", Signal.Kind.AVAILABILITY);

  private final List<SignalPack> packs;
  private final InstantSource clock;
  private final LongSupplier nanoTime;
  private final Duration step;
  private final Duration window;
  private final PageReader reader;
  private final List<Target> targets;
  private final List<String> serviceLabels;

  private final Set<String> knownMetrics = new TreeSet<>();
  private List<SignalPack> resolved = List.of();
  private final Set<ServiceName> known = new TreeSet<>();
  private final ChangeWatch changes = new ChangeWatch();

  /**
   * A source that has asked nobody yet.
   *
   * @param step how often it will be read
   * @param packs in order of precedence
   * @param nanoTime the monotonic clock
   * @throws IllegalArgumentException if there is no target, or one that cannot be asked over HTTP
   */
  public ScrapeSource(
      Scrape scrape,
      Duration step,
      List<SignalPack> packs,
      InstantSource clock,
      LongSupplier nanoTime) {
    this(scrape, step, packs, clock, nanoTime, Asking.plainly());
  }

  /**
   * A source that has asked nobody yet.
   *
   * @param step how often it will be read
   * @param packs in order of precedence
   * @param nanoTime the monotonic clock
   * @param asking what its requests say, and who is told of those that fail
   * @throws IllegalArgumentException if there is no target, or one that cannot be asked over HTTP
   */
  public ScrapeSource(
      Scrape scrape,
      Duration step,
      List<SignalPack> packs,
      InstantSource clock,
      LongSupplier nanoTime,
      Asking asking) {
    if (scrape.targets().isEmpty()) {
      throw new IllegalArgumentException("there is no page to scrape");
    }
    this.packs = List.copyOf(packs);
    this.clock = clock;
    this.nanoTime = nanoTime;
    this.step = step;
    this.window = windowFor(step);
    this.reader =
        new PageReader(
            HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NORMAL)
                .connectTimeout(DEADLINE)
                .build(),
            new MetricNames(
                packs, OriginMetric.builtIn().stream().map(OriginMetric::metric).toList()),
            asking);
    this.targets = scrape.targets().stream().map(this::target).toList();
    this.serviceLabels =
        packs.stream()
            .filter(pack -> !pack.aboutOthers())
            .flatMap(pack -> pack.serviceLabels().stream())
            .distinct()
            .toList();
  }

  private Target target(ScrapeTarget target) {
    int depth = (int) Math.min(DEEPEST_HISTORY, 2 * window.dividedBy(step) + 2);
    return new Target(
        Address.of(target.url()), target.service(), new ScrapeHistory(depth), DEADLINE, window);
  }

  /** How far back a rate looks when pages are read every {@code step}. */
  public static Duration windowFor(Duration step) {
    Duration steps = step.multipliedBy(STEPS_IN_WINDOW);
    return steps.compareTo(SHORTEST_WINDOW) > 0 ? steps : SHORTEST_WINDOW;
  }

  @Override
  public Discovery discover() throws ProbeException {
    look(DEADLINE);
    if (targets.stream().noneMatch(target -> target.sight() == Sight.SEEN)) {
      throw new ProbeException(noneAnswered());
    }
    resolvePacks();
    if (resolved.isEmpty()) {
      throw new ProbeException(
          "the pages have no metric that a signal pack knows; looked for "
              + new MetricNames(packs).expression().replace("|", ", "));
    }
    return new Discovery(
        discoverSeries(),
        resolved.stream().map(SignalPack::name).toList(),
        callGraph(),
        silentTargets());
  }

  private List<SeriesId> discoverSeries() {
    List<SeriesId> series = new ArrayList<>();
    for (SignalPack pack : resolved) {
      servicesOf(pack)
          .forEach(
              (service, samples) -> {
                Set<String> metrics = new TreeSet<>(samples.metrics());
                for (SignalDefinition definition : pack.definitions()) {
                  if (definition.formula().resolve(metrics).isPresent()) {
                    series.add(new SeriesId(service, definition.signal()));
                  }
                }
              });
    }
    for (Target target : targets) {
      if (target.sight() == Sight.SEEN) {
        target.services().forEach(service -> series.add(new SeriesId(service, UP)));
      }
    }
    return Discovery.withoutMereEvidence(series);
  }

  private CallGraph callGraph() {
    Set<Edge> edges = new HashSet<>();
    for (SignalPack pack : resolved) {
      pack.callEdges().ifPresent(found -> addEdges(found, edges));
    }
    return new CallGraph(edges);
  }

  private void addEdges(CallEdges found, Set<Edge> edges) {
    for (Series series : newest()) {
      Optional<ServiceName> caller = ServiceLabel.read(series.labels().get(found.callerLabel()));
      Optional<ServiceName> callee = ServiceLabel.read(series.labels().get(found.calleeLabel()));
      if (series.metric().equals(found.calls().metric())
          && found.calls().accepts(series.labels())
          && series.value() > 0
          && caller.isPresent()
          && callee.isPresent()) {
        edges.add(new Edge(caller.get(), callee.get()));
      }
    }
  }

  private List<Series> newest() {
    return targets.stream()
        .filter(target -> target.sight() == Sight.SEEN)
        .flatMap(target -> target.history().newest().stream())
        .toList();
  }

  private Map<String, String> silentTargets() {
    Map<String, String> silent = new LinkedHashMap<>();
    for (Target target : targets) {
      if (target.sight() != Sight.SEEN) {
        silent.put(target.address().toString(), target.problem());
      }
    }
    return silent;
  }

  @Override
  public Reading read() throws ProbeException {
    Instant at = clock.instant();
    look(patience());
    requireEvidence();
    resolvePacks();
    List<Sample> samples = new ArrayList<>(signals());
    samples.addAll(availability());
    List<Sample> evidence = withoutMereEvidence(samples);
    evidence.forEach(sample -> known.add(sample.series().service()));
    return new Reading(
        at,
        evidence,
        unseen(),
        warnings(),
        changes.changes(PageOrigins.of(at, targets, known::contains)));
  }

  private static List<Sample> withoutMereEvidence(List<Sample> samples) {
    Set<SeriesId> judged =
        Set.copyOf(Discovery.withoutMereEvidence(samples.stream().map(Sample::series).toList()));
    return samples.stream().filter(sample -> judged.contains(sample.series())).toList();
  }

  /** Less than a step, so that one page that hangs does not cost the sight of all others. */
  private Duration patience() {
    Duration most = step.multipliedBy(4).dividedBy(5);
    return most.compareTo(DEADLINE) < 0 ? most : DEADLINE;
  }

  private void look(Duration patience) throws ProbeException {
    long askedNanos = nanoTime.getAsLong();
    Instant asked = clock.instant();
    targets.forEach(target -> target.ask(reader, askedNanos, asked, serviceLabels));
    await(patience);
    long nowNanos = nanoTime.getAsLong();
    targets.forEach(target -> target.look(nowNanos, serviceLabels));
    long since = askedNanos - window.plus(step.dividedBy(2)).toNanos();
    targets.forEach(target -> target.history().setWindow(since, step.dividedBy(2).toNanos()));
  }

  private void await(Duration patience) throws ProbeException {
    CompletableFuture<?>[] open =
        targets.stream().map(Target::pending).toArray(CompletableFuture<?>[]::new);
    try {
      CompletableFuture.allOf(open).get(patience.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException | ExecutionException e) {
      // Each target says for itself what became of it.
      return;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ProbeException("interrupted while reading metrics pages", e);
    }
  }

  /**
   * If nobody answers and nobody refuses, it may be us who are cut off: that is no evidence about
   * anybody.
   */
  private void requireEvidence() throws ProbeException {
    boolean evidence =
        targets.stream()
            .anyMatch(target -> target.sight() == Sight.SEEN || target.sight() == Sight.REFUSED);
    if (!evidence) {
      throw new ProbeException(noneAnswered());
    }
  }

  private String noneAnswered() {
    Target first = targets.get(0);
    return "none of %d metrics pages could be read; %s: %s"
        .formatted(targets.size(), first.address(), first.problem());
  }

  private void resolvePacks() {
    int before = knownMetrics.size();
    newest().forEach(series -> knownMetrics.add(series.metric()));
    if (knownMetrics.size() != before) {
      resolved = packs.stream().flatMap(pack -> pack.resolve(knownMetrics).stream()).toList();
    }
  }

  private List<Sample> signals() {
    Map<SeriesId, Sample> samples = new TreeMap<>();
    for (SignalPack pack : resolved) {
      servicesOf(pack)
          .forEach(
              (service, scraped) -> {
                for (SignalDefinition definition : pack.definitions()) {
                  SeriesId id = new SeriesId(service, definition.signal());
                  evaluate(definition.formula(), scraped)
                      .ifPresent(value -> samples.putIfAbsent(id, new Sample(id, value)));
                }
              });
    }
    return List.copyOf(samples.values());
  }

  private static Optional<Double> evaluate(Formula formula, ScrapedService scraped) {
    return formula.evaluate(scraped).stream().filter(Double::isFinite).boxed().findFirst();
  }

  private Map<ServiceName, ScrapedService> servicesOf(SignalPack pack) {
    Set<String> metrics = new HashSet<>();
    pack.selectors().map(Selector::metric).forEach(metrics::add);
    Map<ServiceName, ScrapedService> services = new HashMap<>();
    for (Target target : targets) {
      if (target.sight() != Sight.SEEN) {
        continue;
      }
      for (Series series : target.history().newest()) {
        if (metrics.contains(series.metric()) && pack.isMember(series.labels())) {
          serviceOf(series, pack, target)
              .ifPresent(
                  service ->
                      services
                          .computeIfAbsent(service, unknown -> new ScrapedService())
                          .add(series));
        }
      }
    }
    return services;
  }

  private static Optional<ServiceName> serviceOf(Series series, SignalPack pack, Target target) {
    return pack.aboutOthers()
        ? Target.labelled(series.labels(), pack.serviceLabels())
        : Optional.of(target.serviceOf(series.labels(), pack.serviceLabels()));
  }

  /** 1 for what was seen; 0 for what is known and of which no target answers any more. */
  private List<Sample> availability() {
    Map<ServiceName, Double> up = new TreeMap<>();
    for (Target target : targets) {
      if (target.sight() != Sight.WAITING) {
        double value = target.sight() == Sight.SEEN ? 1 : 0;
        target.services().forEach(service -> up.merge(service, value, Math::max));
      }
    }
    // A question that is still open may be answered: nothing is said about its service yet.
    for (Target target : targets) {
      if (target.sight() == Sight.WAITING) {
        target.services().forEach(service -> up.remove(service, 0.0));
      }
    }
    List<Sample> samples = new ArrayList<>();
    up.forEach((service, value) -> samples.add(new Sample(new SeriesId(service, UP), value)));
    return samples;
  }

  /** The services of which no target was seen. */
  private Map<ServiceName, String> unseen() {
    Map<ServiceName, String> unseen = new TreeMap<>();
    for (Target target : targets) {
      if (target.sight() != Sight.SEEN) {
        Set<ServiceName> services =
            target.services().isEmpty() ? Set.of(target.placeholder()) : target.services();
        services.forEach(
            service -> unseen.putIfAbsent(service, target.address() + ": " + target.problem()));
      }
    }
    for (Target target : targets) {
      if (target.sight() == Sight.SEEN) {
        target.services().forEach(unseen::remove);
      }
    }
    return unseen;
  }

  private List<String> warnings() {
    List<String> warnings = new ArrayList<>();
    for (Target target : targets) {
      if (!target.warning().isEmpty()) {
        warnings.add(target.warning());
      }
      boolean oneOfSeveral = target.sight() != Sight.SEEN && !unseenAlone(target);
      if (oneOfSeveral) {
        warnings.add(target.address() + ": " + target.problem());
      }
    }
    return warnings;
  }

  private boolean unseenAlone(Target silent) {
    Map<ServiceName, String> unseen = unseen();
    return silent.services().isEmpty() || silent.services().stream().anyMatch(unseen::containsKey);
  }

  @Override
  public void close() {
    targets.forEach(Target::close);
  }
}
