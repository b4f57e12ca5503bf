package dev.firebreak.run;

import dev.firebreak.fault.FaultDescription;
import dev.firebreak.fault.FaultId;
import dev.firebreak.fault.FaultInjector;
import dev.firebreak.fault.FaultKind;
import dev.firebreak.fault.FaultPlan;
import dev.firebreak.fault.FaultRequest;
import dev.firebreak.fault.InjectionException;
import dev.firebreak.fault.Observation;
import dev.firebreak.fault.RollbackException;
import dev.firebreak.fault.Undo;
import dev.firebreak.probe.Discovery;
import dev.firebreak.probe.MetricSource;
import dev.firebreak.probe.ProbeException;
import dev.firebreak.probe.Reading;
import dev.firebreak.probe.Reading.Sample;
import dev.firebreak.probe.SeriesId;
import dev.firebreak.probe.Signal;
import dev.firebreak.probe.Signal.Kind;
import dev.firebreak.service.CallGraph;
import dev.firebreak.service.ServiceName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Services that call each other in a chain, slow down when a fault is in them, and hand that on to
 * their callers when told to. Knows the truth: which faults really exist. Is its own metric source
 * and its own injector, of {@code fake/slow}.
 */
public final class FakeCluster implements MetricSource, FaultInjector {
  public static final FaultKind SLOW = FaultKind.of("fake/slow");

  private static final Signal P95 = new Signal("http.latency.p95", Kind.LATENCY);
  private static final Signal ERRORS = new Signal("http.error-ratio", Kind.ERROR_RATIO);
  private static final Signal RATE = new Signal("http.rate", Kind.TRAFFIC);
  private static final Signal UP = new Signal("up", Kind.AVAILABILITY);

  private final SimulatedLoop loop;
  private final List<ServiceName> chain;
  private final Map<FaultId, ServiceName> active = new LinkedHashMap<>();
  private final Set<FaultId> everInjected = new LinkedHashSet<>();
  private final List<String> calls = new ArrayList<>();
  private final Map<ServiceName, Long> slowSince = new LinkedHashMap<>();

  private Duration spreadsAfter = Duration.ZERO;
  private boolean spreads;
  private boolean bites = true;
  private boolean blind;
  private int failingUndos;
  private int answersLost;
  private final Map<String, InjectionException> refusedArms = new LinkedHashMap<>();
  private boolean looksSeeNothing;
  private Optional<CallGraph> callsKnown = Optional.empty();
  private UnaryOperator<Reading> distortion = UnaryOperator.identity();

  private FakeCluster(SimulatedLoop loop, List<ServiceName> chain) {
    this.loop = loop;
    this.chain = chain;
  }

  /** Services of which each calls the next. */
  public static FakeCluster chain(SimulatedLoop loop, String... services) {
    return new FakeCluster(loop, List.of(services).stream().map(ServiceName::of).toList());
  }

  /** Slowness reaches the callers of a slow service, one hop after each {@code delay}. */
  public FakeCluster spreadingAfter(Duration delay) {
    spreads = true;
    spreadsAfter = delay;
    return this;
  }

  /** Injection is acknowledged but has no effect. */
  public FakeCluster withToothlessFaults() {
    bites = false;
    return this;
  }

  /** No fault can be armed in this service. */
  public FakeCluster refusingToArm(String service, InjectionException why) {
    refusedArms.put(service, why);
    return this;
  }

  /** The injector cannot see whether a fault that is in place has an effect. */
  public FakeCluster withBlindInjector() {
    looksSeeNothing = true;
    return this;
  }

  /** The first {@code count} undos fail. */
  public FakeCluster failingUndos(int count) {
    failingUndos = count;
    return this;
  }

  /** The first {@code count} injections take effect, but their answer is lost. */
  public FakeCluster losingAnswers(int count) {
    answersLost = count;
    return this;
  }

  /** Changes what the source answers. */
  public FakeCluster distorting(UnaryOperator<Reading> change) {
    distortion = change;
    return this;
  }

  public void blindFrom(Duration delay) {
    loop.after(delay, () -> blind = true);
  }

  /** The faults that really are in the world. */
  public Set<FaultId> activeFaults() {
    return Set.copyOf(active.keySet());
  }

  public Set<FaultId> everInjected() {
    return Set.copyOf(everInjected);
  }

  /**
   * What the injector was asked to do, in order: {@code start x}, {@code undo x}, and {@code look
   * x} while x is in place.
   */
  public List<String> calls() {
    return List.copyOf(calls);
  }

  /** These calls are known, and no others. */
  public FakeCluster withCallGraph(CallGraph known) {
    callsKnown = Optional.of(known);
    return this;
  }

  public CallGraph callGraph() {
    if (callsKnown.isPresent()) {
      return callsKnown.get();
    }
    Set<CallGraph.Edge> edges = new LinkedHashSet<>();
    for (int i = 0; i + 1 < chain.size(); i++) {
      edges.add(new CallGraph.Edge(chain.get(i), chain.get(i + 1)));
    }
    return new CallGraph(edges);
  }

  // ---- the metric source

  @Override
  public Discovery discover() throws ProbeException {
    requireSight();
    List<SeriesId> series = new ArrayList<>();
    for (ServiceName service : chain) {
      for (Signal signal : List.of(P95, ERRORS, RATE, UP)) {
        series.add(new SeriesId(service, signal));
      }
    }
    return new Discovery(series, List.of("fake"), callGraph(), Map.of());
  }

  @Override
  public Reading read() throws ProbeException {
    requireSight();
    List<Sample> samples = new ArrayList<>();
    for (ServiceName service : chain) {
      samples.add(new Sample(new SeriesId(service, P95), latency(service)));
      samples.add(new Sample(new SeriesId(service, ERRORS), 0));
      samples.add(new Sample(new SeriesId(service, RATE), 40));
      samples.add(new Sample(new SeriesId(service, UP), 1));
    }
    return distortion.apply(new Reading(loop.now(), samples, Map.of(), List.of()));
  }

  private void requireSight() throws ProbeException {
    if (blind) {
      throw new ProbeException("connection refused");
    }
  }

  /** A small wobble that repeats, so that no two samples in a row are alike. */
  private double latency(ServiceName service) {
    double wobble = 1 + 0.02 * ((loop.nanoTime() / 1_000_000_000L) % 5);
    return (slow(service) ? 1.5 : 0.03) * wobble;
  }

  private boolean slow(ServiceName service) {
    int place = chain.indexOf(service);
    for (int origin = place; origin < chain.size(); origin++) {
      Long since = slowSince.get(chain.get(origin));
      boolean reaches = origin == place || spreads;
      long delay = spreadsAfter.toNanos() * (origin - place);
      if (since != null && reaches && loop.nanoTime() - since >= delay) {
        return true;
      }
    }
    return false;
  }

  @Override
  public void close() {}

  // ---- the injector

  @Override
  public List<FaultDescription> faults() {
    return List.of(new FaultDescription(SLOW, "slows a service", List.of(), List.of(), true));
  }

  @Override
  public FaultPlan plan(FaultId id, FaultRequest request) throws InjectionException {
    if (!chain.contains(request.service())) {
      throw InjectionException.refused("no service " + request.service());
    }
    return new FaultPlan(id, request, "fake " + request.service(), Map.of());
  }

  @Override
  public Undo arm(FaultPlan plan) throws InjectionException {
    InjectionException refused = refusedArms.get(plan.request().service().value());
    if (refused != null) {
      throw refused;
    }
    return new Undo(plan.id(), SLOW, Map.of("service", plan.request().service().value()));
  }

  @Override
  public void start(FaultPlan plan, Undo undo) throws InjectionException {
    calls.add("start " + plan.id());
    everInjected.add(plan.id());
    active.put(plan.id(), plan.request().service());
    if (bites) {
      slowSince.put(plan.request().service(), loop.nanoTime());
    }
    if (answersLost > 0) {
      answersLost--;
      throw InjectionException.ambiguous("the answer was lost", null);
    }
  }

  @Override
  public void rollBack(Undo undo) throws RollbackException {
    calls.add("undo " + undo.id());
    if (failingUndos > 0) {
      failingUndos--;
      throw new RollbackException("HTTP 503");
    }
    ServiceName service = active.remove(undo.id());
    if (service != null && !active.containsValue(service)) {
      slowSince.remove(service);
    }
  }

  @Override
  public Observation look(Undo undo) {
    if (!active.containsKey(undo.id())) {
      return Observation.gone("not there");
    }
    calls.add("look " + undo.id());
    if (looksSeeNothing) {
      return Observation.unknown("no instrument");
    }
    return bites ? Observation.present("p95 is 1.5 s") : Observation.inPlace("listed");
  }
}
