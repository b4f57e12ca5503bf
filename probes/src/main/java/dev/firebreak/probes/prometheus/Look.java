package dev.firebreak.probes.prometheus;

import dev.firebreak.probe.ProbeException;
import dev.firebreak.probe.Reading;
import dev.firebreak.probe.Reading.Sample;
import dev.firebreak.probe.SeriesId;
import dev.firebreak.probe.Signal;
import dev.firebreak.probes.prometheus.Answer.Row;
import dev.firebreak.probes.signal.ServiceLabel;
import dev.firebreak.service.ServiceName;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Decides which of the answers of one look are evidence. Needs neither clock nor network. The
 * answer about the newest samples comes first.
 */
final class Look {
  /** Times beyond this, far in the future, are nobody's clock. */
  static final double LATEST_SECONDS = 1e11;

  private static final String NO_SAMPLE = "no sample";

  private static final Signal UP = new Signal("up", Signal.Kind.AVAILABILITY);

  private final Instant at;
  private final Duration freshness;
  private final Set<ServiceName> known;
  private final Set<ServiceName> everUp;

  /** All services that were met, each with a number, by which all else is kept. */
  private final List<ServiceName> services = new ArrayList<>();

  private final Map<String, Integer> numbers;

  /** The numbers below this are those of the services that should be there. */
  private final int knownServices;

  private final BitSet fresh = new BitSet();
  private final Map<ServiceName, String> unseen = new HashMap<>();
  private final List<Sample> samples = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();

  /**
   * A look without answers yet.
   *
   * @param at the time that was asked for, by the server's clock
   * @param freshness the greatest age of evidence
   * @param known the services that should be there; not copied, and not to be changed meanwhile
   * @param everUp those of them that had a target; the same
   */
  Look(Instant at, Duration freshness, Set<ServiceName> known, Set<ServiceName> everUp) {
    this.at = at;
    this.freshness = freshness;
    this.known = known;
    this.everUp = everUp;
    this.numbers = new HashMap<>(2 * known.size());
    known.forEach(this::number);
    this.knownServices = services.size();
  }

  private int number(ServiceName service) {
    Integer before = numbers.putIfAbsent(service.value(), services.size());
    if (before != null) {
      return before;
    }
    services.add(service);
    return services.size() - 1;
  }

  /**
   * Takes when the newest sample of each service was taken. Without that, nothing is evidence.
   *
   * @throws ProbeException if the answer does not tell
   */
  void newest(Answer answer, String label) throws ProbeException {
    Optional<String> flaw = flaw(answer);
    if (flaw.isPresent()) {
      throw new ProbeException("how old the samples are is not known: " + flaw.get());
    }
    double now = at.toEpochMilli() / 1e3;
    double oldest = freshness.toMillis() / 1e3;
    values("the age of samples", answer, label)
        .forEach(
            (service, seconds) -> {
              double age = now - seconds;
              // From the future is as wrong as from the past: one of the clocks is not to be
              // trusted.
              if (Math.abs(age) <= oldest) {
                fresh.set(service);
              } else {
                unseen.put(
                    services.get(service),
                    "its newest sample is %.1f s %s, at most %.1f s are evidence"
                        .formatted(Math.abs(age), age < 0 ? "in the future" : "old", oldest));
              }
            });
  }

  void signal(Signal signal, Answer answer, String label) {
    if (!isSound(signal.name(), answer)) {
      return;
    }
    values(signal.name(), answer, label)
        .forEach(
            (service, value) -> {
              if (fresh.get(service) && isServed(signal, services.get(service))) {
                samples.add(new Sample(new SeriesId(services.get(service), signal), value));
              }
            });
  }

  /** A process that only shows its CPU is no service: a Prometheus knows many of those. */
  private boolean isServed(Signal signal, ServiceName service) {
    return signal.kind().decides() || known.contains(service);
  }

  /**
   * Takes which services' targets answer. One that is known and gone altogether counts as down,
   * provided that the server still has fresh samples of others.
   */
  void up(Answer answer, String label) {
    if (!isSound(UP.name(), answer)) {
      return;
    }
    BitSet told = new BitSet();
    values(UP.name(), answer, label)
        .forEach(
            (service, value) -> {
              told.set(service);
              up(service, value);
            });
    if (!fresh.isEmpty()) {
      for (ServiceName service : everUp) {
        if (!told.get(number(service))) {
          up(number(service), 0);
        }
      }
    }
  }

  private void up(int number, double value) {
    ServiceName service = services.get(number);
    if (fresh.get(number) || number < knownServices) {
      samples.add(new Sample(new SeriesId(service, UP), value));
    }
    if (value < 1
        && !fresh.get(number)
        && (number < knownServices || unseen.containsKey(service))) {
      unseen.put(service, unseen.getOrDefault(service, NO_SAMPLE) + "; it is down");
    }
  }

  void failed(String what, String why) {
    warnings.add(what + ": " + why);
  }

  private boolean isSound(String what, Answer answer) {
    answer.infos().forEach(info -> warnings.add(what + ": " + info));
    Optional<String> flaw = flaw(answer);
    flaw.ifPresent(why -> failed(what, why));
    return flaw.isEmpty();
  }

  /** Why the whole answer is no evidence. */
  private static Optional<String> flaw(Answer answer) {
    if (!answer.warnings().isEmpty()) {
      return Optional.of("no evidence, the server warns: " + String.join("; ", answer.warnings()));
    }
    return answer.type().equals("vector")
        ? Optional.empty()
        : Optional.of("no evidence, a vector was asked for and a %s came".formatted(answer.type()));
  }

  /** The finite values of services that come once, for the time that was asked for. */
  private Values values(String what, Answer answer, String label) {
    Values values = new Values();
    double now = at.toEpochMilli() / 1e3;
    double furthest = freshness.toMillis() / 1e3;
    for (Row row : answer.rows()) {
      int service = number(row.labels().get(label));
      if (service < 0) {
        continue;
      }
      if (Math.abs(row.atSeconds() - now) <= furthest) {
        values.put(service, row.value());
      } else {
        failed(what, "the value of " + services.get(service) + " is for another time");
      }
    }
    values.twice.stream()
        .mapToObj(services::get)
        .sorted()
        .forEach(service -> failed(what, service + " comes twice, so neither is evidence"));
    return values;
  }

  /** Below zero for what is no name of a service. */
  private int number(String name) {
    Integer number = numbers.get(name);
    return number == null ? ServiceLabel.read(name).map(this::number).orElse(-1) : number;
  }

  /** A value for each service, by its number. */
  private static final class Values {
    private double[] values = new double[0];
    private final BitSet once = new BitSet();
    private final BitSet twice = new BitSet();

    void put(int service, double value) {
      if (service >= values.length) {
        values = Arrays.copyOf(values, 2 * service + 16);
      }
      values[service] = value;
      if (once.get(service)) {
        twice.set(service);
      }
      once.set(service);
    }

    /** What can be done with the value of a service. */
    interface Taker {
      void take(int service, double value);
    }

    void forEach(Taker taker) {
      for (int i = once.nextSetBit(0); i >= 0; i = once.nextSetBit(i + 1)) {
        if (!twice.get(i) && Double.isFinite(values[i])) {
          taker.take(i, values[i]);
        }
      }
    }
  }

  /**
   * What was seen.
   *
   * @throws ProbeException if that is nothing; that a target answers is nothing yet
   */
  Reading reading() throws ProbeException {
    for (int i = fresh.nextClearBit(0); i < knownServices; i = fresh.nextClearBit(i + 1)) {
      unseen.putIfAbsent(services.get(i), NO_SAMPLE);
    }
    boolean evidence =
        samples.stream()
            .anyMatch(sample -> !sample.series().signal().equals(UP) || sample.value() < 1);
    if (!evidence) {
      throw new ProbeException("no evidence about any service: " + why());
    }
    return new Reading(at, samples, unseen, warnings);
  }

  private String why() {
    if (!warnings.isEmpty()) {
      return warnings.get(0);
    }
    return unseen.isEmpty()
        ? "all answers are empty"
        : new TreeMap<>(unseen)
            .entrySet().stream()
                .map(entry -> entry.getKey() + ": " + entry.getValue())
                .findFirst()
                .orElseThrow();
  }
}
