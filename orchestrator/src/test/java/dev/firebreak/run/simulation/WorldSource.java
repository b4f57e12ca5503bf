package dev.firebreak.run.simulation;

import dev.firebreak.probe.Discovery;
import dev.firebreak.probe.MetricSource;
import dev.firebreak.probe.ProbeException;
import dev.firebreak.probe.Reading;
import dev.firebreak.probe.Reading.Sample;
import dev.firebreak.probe.SeriesId;
import dev.firebreak.probe.Signal;
import dev.firebreak.service.ServiceName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/** What the run sees of the world: the truth, or what a failing source makes of it. */
final class WorldSource implements MetricSource {
  /** In which way the source fails. */
  enum Failure {
    NONE,
    REFUSED,
    BROKEN,
    EMPTY,
    SLOW,
    SILENT,
    /** Answers about some services only, and does not say so. */
    PARTIAL,
    /** Says that targets are up, and nothing else. */
    ONLY_UP
  }

  private final World world;
  private final RandomGenerator random;

  private Failure failure = Failure.NONE;
  private final Set<ServiceName> missing = new HashSet<>();
  private final Map<ServiceName, Integer> shownInARow = new TreeMap<>();
  private final Map<ServiceName, Integer> mostShown = new TreeMap<>();
  private boolean counting;
  private int readings;
  private int readingsOfAnybody;
  private int readingsOfTheWeb;
  private final Map<ServiceName, Integer> readingsOf = new TreeMap<>();

  WorldSource(World world, RandomGenerator random) {
    this.world = world;
    this.random = random;
  }

  void fails(Failure how) {
    world.note("source " + how);
    failure = how;
    missing.clear();
    if (how == Failure.PARTIAL) {
      world.targets.keySet().stream().filter(any -> random.nextBoolean()).forEach(missing::add);
    }
  }

  /** How often in a row it showed that a service suffers from a fault elsewhere. */
  int mostShown(ServiceName service) {
    return mostShown.getOrDefault(service, 0);
  }

  /** A new count, for a new run. */
  void forgetWhatWasShown() {
    shownInARow.clear();
    mostShown.clear();
    faultInPlace();
  }

  /** Counts readings from here on only: a fault is in place. */
  void faultInPlace() {
    counting = true;
    readings = 0;
    readingsOfAnybody = 0;
    readingsOfTheWeb = 0;
    readingsOf.clear();
  }

  /** The rollback begins: what is read from now on says nothing about the fault. */
  void faultOver() {
    counting = false;
  }

  /** Whether clearly more readings than may be had nothing about how anybody fares. */
  boolean lacksEvidence() {
    return readings - readingsOfAnybody > 2 + 0.15 * readings;
  }

  /** Whether clearly more readings than may be had nothing about how {@code web} fares. */
  boolean lacksWeb() {
    return readings - readingsOfTheWeb > 2 + 0.15 * readings;
  }

  /** Whether clearly more readings than may be had nothing about how this one fares. */
  boolean lacks(ServiceName service) {
    return readings - readingsOf.getOrDefault(service, 0) > 2 + 0.15 * readings;
  }

  String evidence() {
    return "%d readings: %d of anybody, %d of web"
        .formatted(readings, readingsOfAnybody, readingsOfTheWeb);
  }

  @Override
  public Discovery discover() throws ProbeException {
    fail();
    return new Discovery(world.series(), List.of("simulated"), world.calls, Map.of());
  }

  @Override
  public Reading read() throws ProbeException {
    readings += counting ? 1 : 0;
    fail();
    List<Sample> samples = new ArrayList<>();
    for (SeriesId id : world.series()) {
      boolean told = failure != Failure.ONLY_UP || id.signal().equals(World.UP);
      if (told && failure != Failure.EMPTY && !missing.contains(id.service()) && isThere(id)) {
        samples.add(new Sample(id, world.value(id)));
      }
    }
    if (counting && failure != Failure.SILENT) {
      readingsOfAnybody += tells(samples, service -> true) ? 1 : 0;
      readingsOfTheWeb += tells(samples, service -> service.value().equals("web")) ? 1 : 0;
      for (ServiceName service : world.targets.keySet()) {
        if (tells(samples, service::equals) || saysDown(samples, service)) {
          readingsOf.merge(service, 1, Integer::sum);
        }
      }
    }
    world.targets.keySet().forEach(service -> count(service, samples));
    return new Reading(world.loop.now(), samples, Map.of(), List.of());
  }

  private static boolean saysDown(List<Sample> samples, ServiceName service) {
    return samples.stream()
        .filter(sample -> sample.series().equals(new SeriesId(service, World.UP)))
        .anyMatch(sample -> sample.value() < 1);
  }

  private static boolean tells(List<Sample> samples, Predicate<ServiceName> of) {
    return samples.stream()
        .map(Sample::series)
        .anyMatch(id -> id.signal().equals(World.P95) && of.test(id.service()));
  }

  /** A target that is away shows nothing but that it is down. */
  private boolean isThere(SeriesId id) {
    Signal signal = id.signal();
    return signal.equals(World.UP) || !world.away(world.target(id.service()));
  }

  private void count(ServiceName service, List<Sample> samples) {
    boolean seen = tells(samples, service::equals);
    int inARow =
        seen && world.suffersFromElsewhere(service) ? shownInARow.getOrDefault(service, 0) + 1 : 0;
    shownInARow.put(service, inARow);
    mostShown.merge(service, inARow, Math::max);
  }

  private void fail() throws ProbeException {
    switch (failure) {
      case REFUSED -> throw new ProbeException("connection refused");
      case BROKEN -> {
        if (random.nextBoolean()) {
          throw new IllegalStateException("the source broke");
        }
        throw new LinkageError("the source was built for another version");
      }
      case SLOW -> world.loop.holdReplyUp(Duration.ofMillis(random.nextInt(30_000)));
      case SILENT -> world.loop.neverReply();
      case NONE, EMPTY, PARTIAL, ONLY_UP -> {
        // Shows in the samples.
      }
    }
  }

  @Override
  public void close() {}
}
