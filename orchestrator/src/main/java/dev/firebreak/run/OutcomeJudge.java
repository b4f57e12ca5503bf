package dev.firebreak.run;

import dev.firebreak.cascade.DegradationClass;
import dev.firebreak.cascade.Finding;
import dev.firebreak.service.ServiceName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.stream.Collectors;

/** Says how a run ended, from its evidence alone; the worst answer wins. */
final class OutcomeJudge {
  /** Share of the looks during the fault that must have been evidence before HELD may be said. */
  private static final double ENOUGH_EVIDENCE = 0.9;

  private OutcomeJudge() {}

  /** An outcome and why, in one sentence. */
  record Judgement(Outcome outcome, String reason) {
    Judgement worseOf(Judgement other) {
      return outcome.worseOf(other.outcome) == outcome ? this : other;
    }
  }

  /**
   * What the run left.
   *
   * @param refusals why nothing was injected; empty if something was
   * @param unverified faults whose rollback is not verified
   * @param unconfirmed faults that were never seen to bite
   * @param breaches probes that were breached, in words
   * @param looks sampling steps while a fault was in place
   * @param looksWithEvidence how many of them gave evidence
   * @param outsideWithoutData outside services without a usable series
   * @param looksAtOutside for each outside service with one, how many looks gave evidence about it
   */
  record Evidence(
      List<String> refusals,
      Optional<HaltCause> halt,
      List<String> unverified,
      List<String> unconfirmed,
      List<Finding> findings,
      List<String> breaches,
      int looks,
      int looksWithEvidence,
      List<ServiceName> outsideWithoutData,
      SortedMap<ServiceName, Integer> looksAtOutside) {
    int outsideWatched() {
      return looksAtOutside.size();
    }

    private boolean enough(int seen) {
      return seen >= ENOUGH_EVIDENCE * looks;
    }
  }

  static Judgement judge(Evidence evidence) {
    Judgement worst = new Judgement(Outcome.HELD, held(evidence));
    for (Judgement candidate : candidates(evidence)) {
      worst = worst.worseOf(candidate);
    }
    return worst;
  }

  private static List<Judgement> candidates(Evidence evidence) {
    List<Judgement> found = new ArrayList<>();
    if (!evidence.unverified().isEmpty()) {
      found.add(new Judgement(Outcome.FAILED, String.join("; ", evidence.unverified())));
    }
    evidence.halt().flatMap(OutcomeJudge::ofHalt).ifPresent(found::add);
    if (!evidence.refusals().isEmpty()) {
      found.add(new Judgement(Outcome.REFUSED, String.join("; ", evidence.refusals())));
      return found;
    }
    escaped(evidence.findings()).ifPresent(found::add);
    if (!evidence.unconfirmed().isEmpty()) {
      found.add(
          new Judgement(
              Outcome.INVALID,
              "no effect was seen of " + String.join(", ", evidence.unconfirmed())));
    }
    tooLittleSeen(evidence).ifPresent(found::add);
    if (!evidence.breaches().isEmpty()) {
      found.add(new Judgement(Outcome.DEVIATED, evidence.breaches().get(0)));
    }
    return found;
  }

  private static Optional<Judgement> ofHalt(HaltCause halt) {
    return switch (halt.kind()) {
      case PERSON -> Optional.of(new Judgement(Outcome.ABORTED, halt.detail()));
      case INTERNAL -> Optional.of(new Judgement(Outcome.FAILED, halt.detail()));
      case BLIND -> Optional.of(new Judgement(Outcome.INCONCLUSIVE, halt.detail()));
      case FAULT -> Optional.of(new Judgement(Outcome.INVALID, halt.detail()));
      case CASCADE, HYPOTHESIS -> Optional.empty();
    };
  }

  private static Optional<Judgement> escaped(List<Finding> findings) {
    List<String> services =
        findings.stream()
            .filter(finding -> finding.degradation() == DegradationClass.ESCAPED)
            .map(finding -> finding.service().value())
            .toList();
    return services.isEmpty()
        ? Optional.empty()
        : Optional.of(new Judgement(Outcome.CASCADED, "escaped to " + String.join(", ", services)));
  }

  private static Optional<Judgement> tooLittleSeen(Evidence evidence) {
    if (!evidence.enough(evidence.looksWithEvidence()) || evidence.looks() == 0) {
      return Optional.of(
          new Judgement(
              Outcome.INCONCLUSIVE,
              "only %d of %d looks at the system gave evidence"
                  .formatted(evidence.looksWithEvidence(), evidence.looks())));
    }
    if (evidence.outsideWithoutData().size() > evidence.outsideWatched()) {
      return Optional.of(
          new Judgement(
              Outcome.INCONCLUSIVE,
              "most of the outside could not be watched: "
                  + evidence.outsideWithoutData().stream()
                      .map(ServiceName::value)
                      .collect(Collectors.joining(", "))));
    }
    List<String> seldomSeen =
        evidence.looksAtOutside().entrySet().stream()
            .filter(entry -> !evidence.enough(entry.getValue()))
            .map(entry -> "%s in %d".formatted(entry.getKey(), entry.getValue()))
            .toList();
    return seldomSeen.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Judgement(
                Outcome.INCONCLUSIVE,
                "of %d looks too few gave evidence about services outside: %s"
                    .formatted(evidence.looks(), String.join(", ", seldomSeen))));
  }

  private static String held(Evidence evidence) {
    return "the hypothesis held and none of %d services outside degraded"
        .formatted(evidence.outsideWatched());
  }
}
