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
import java.util.HashSet;
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

  private static final Signal UP = new Signal("up", Signal.Kind.AVAILABILITY);

  private final Instant at;
  private final Duration freshness;
  private final Set<ServiceName> known;
  private final Set<ServiceName> everUp;
  private final Set<ServiceName> fresh = new HashSet<>();
  private final Map<ServiceName, String> unseen = new TreeMap<>();
  private final List<Sample> samples = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();

  /**
   * A look without answers yet.
   *
   * @param at the time that was asked for, by the server's clock
   * @param freshness the greatest age of evidence
   * @param known the services that should be there
   * @param everUp those of them that had a target
   */
  Look(Instant at, Duration freshness, Set<ServiceName> known, Set<ServiceName> everUp) {
    this.at = at;
    this.freshness = freshness;
    this.known = Set.copyOf(known);
    this.everUp = Set.copyOf(everUp);
    this.known.forEach(service -> unseen.put(service, "no sample"));
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
    values("the age of samples", answer, label)
        .forEach(
            (service, seconds) -> {
              double age = at.toEpochMilli() / 1e3 - seconds;
              // From the future is as wrong as from the past: one of the clocks is not to be
              // trusted.
              if (Math.abs(age) <= freshness.toMillis() / 1e3) {
                fresh.add(service);
                unseen.remove(service);
              } else {
                unseen.put(
                    service,
                    "its newest sample is %.1f s old, at most %.1f s are evidence"
                        .formatted(age, freshness.toMillis() / 1e3));
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
              if (fresh.contains(service) && isServed(signal, service)) {
                samples.add(new Sample(new SeriesId(service, signal), value));
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
    Map<ServiceName, Double> up = values(UP.name(), answer, label);
    if (!fresh.isEmpty()) {
      everUp.forEach(service -> up.putIfAbsent(service, 0.0));
    }
    up.forEach(
        (service, value) -> {
          if (known.contains(service) || fresh.contains(service)) {
            samples.add(new Sample(new SeriesId(service, UP), value));
          }
          if (value < 1) {
            unseen.computeIfPresent(service, (name, reason) -> reason + "; it is down");
          }
        });
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
  private Map<ServiceName, Double> values(String what, Answer answer, String label) {
    Map<ServiceName, Double> values = new TreeMap<>();
    Set<ServiceName> twice = new HashSet<>();
    for (Row row : answer.rows()) {
      Optional<ServiceName> service = ServiceLabel.read(row.labels().get(label));
      double value = row.value().orElse(Double.NaN);
      if (service.isEmpty()) {
        continue;
      }
      if (!isForNow(row)) {
        failed(what, "the value of " + service.get() + " is for another time");
      } else if (values.put(service.get(), value) != null) {
        twice.add(service.get());
      }
    }
    for (ServiceName service : twice) {
      failed(what, service + " comes twice, so neither is evidence");
      values.remove(service);
    }
    values.values().removeIf(value -> !Double.isFinite(value));
    return values;
  }

  private boolean isForNow(Row row) {
    return Math.abs(row.atSeconds() - at.toEpochMilli() / 1e3) <= freshness.toMillis() / 1e3;
  }

  /**
   * What was seen.
   *
   * @throws ProbeException if that is nothing; that a target answers is nothing yet
   */
  Reading reading() throws ProbeException {
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
        : unseen.entrySet().stream()
            .map(entry -> entry.getKey() + ": " + entry.getValue())
            .findFirst()
            .orElseThrow();
  }
}
