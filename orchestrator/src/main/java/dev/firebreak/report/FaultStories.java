package dev.firebreak.report;

import dev.firebreak.fault.FaultId;
import dev.firebreak.fault.FaultKind;
import dev.firebreak.report.RunReport.FaultReport;
import dev.firebreak.report.RunReport.FaultRole;
import dev.firebreak.report.RunReport.Halt;
import dev.firebreak.report.RunReport.Rollback;
import dev.firebreak.report.RunReport.Rollback.Proof;
import dev.firebreak.run.RunEvent;
import dev.firebreak.run.RunEvent.FaultArmed;
import dev.firebreak.run.RunEvent.FaultConfirmed;
import dev.firebreak.run.RunEvent.InjectionAcknowledged;
import dev.firebreak.run.RunEvent.InjectionFailed;
import dev.firebreak.run.RunEvent.InjectionSent;
import dev.firebreak.run.RunEvent.RollbackAbandoned;
import dev.firebreak.run.RunEvent.RollbackAcknowledged;
import dev.firebreak.run.RunEvent.RollbackFailed;
import dev.firebreak.run.RunEvent.RollbackRequested;
import dev.firebreak.run.RunEvent.RollbackVerified;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Function;

/** Tells what became of each fault. */
final class FaultStories {
  private FaultStories() {}

  static List<FaultReport> of(Chronicle chronicle) {
    Set<FaultId> ids = new LinkedHashSet<>();
    chronicle.all(FaultArmed.class).forEach(armed -> ids.add(armed.fault()));
    // Only a damaged journal has these without the undo record before them.
    chronicle.all(InjectionSent.class).forEach(sent -> ids.add(sent.fault()));
    chronicle.all(RollbackRequested.class).forEach(undo -> ids.add(undo.fault()));
    return ids.stream().map(id -> of(id, chronicle)).toList();
  }

  private static FaultReport of(FaultId id, Chronicle chronicle) {
    Optional<FaultArmed> armed = first(chronicle, FaultArmed.class, FaultArmed::fault, id);
    String kind = armed.map(event -> event.kind().value()).orElse("unknown");
    Optional<FaultConfirmed> confirmed =
        first(chronicle, FaultConfirmed.class, FaultConfirmed::fault, id);
    Optional<RollbackVerified> verified =
        first(chronicle, RollbackVerified.class, RollbackVerified::fault, id);
    List<RollbackRequested> undos =
        all(chronicle, RollbackRequested.class, RollbackRequested::fault, id);
    return new FaultReport(
        id.value(),
        chronicle.isUndoAction(id) ? FaultRole.ROLLBACK : FaultRole.FAULT,
        kind.contains("/") ? kind.substring(0, kind.indexOf('/')) : kind,
        kind,
        armed.map(event -> event.service().value()).orElse("unknown"),
        armed.map(FaultArmed::target).orElse("unknown"),
        armed
            .map(event -> OptionalDouble.of(event.duration().toNanos() / 1e9))
            .orElse(OptionalDouble.empty()),
        injectedAt(chronicle, id),
        confirmed.map(FaultConfirmed::at),
        confirmed.map(FaultConfirmed::evidence),
        undos.stream().findFirst().map(RollbackRequested::at),
        last(all(chronicle, RollbackAcknowledged.class, RollbackAcknowledged::fault, id))
            .map(RollbackAcknowledged::at),
        verified.map(RollbackVerified::at),
        verified.map(RollbackVerified::evidence),
        undos.size(),
        problem(chronicle, id));
  }

  /** An acknowledgement proves that it was sent, should the record of that be damaged. */
  private static Optional<Instant> injectedAt(Chronicle chronicle, FaultId id) {
    return first(chronicle, InjectionSent.class, InjectionSent::fault, id)
        .map(InjectionSent::at)
        .or(
            () ->
                first(chronicle, InjectionAcknowledged.class, InjectionAcknowledged::fault, id)
                    .map(InjectionAcknowledged::at));
  }

  private static Optional<String> problem(Chronicle chronicle, FaultId id) {
    List<String> problems = new ArrayList<>();
    all(chronicle, InjectionFailed.class, InjectionFailed::fault, id)
        .forEach(failed -> problems.add(failed.message()));
    all(chronicle, RollbackFailed.class, RollbackFailed::fault, id)
        .forEach(failed -> problems.add(failed.message()));
    all(chronicle, RollbackAbandoned.class, RollbackAbandoned::fault, id)
        .forEach(abandoned -> problems.add(abandoned.message()));
    return last(problems);
  }

  private static <E extends RunEvent> List<E> all(
      Chronicle chronicle, Class<E> type, Function<E, FaultId> fault, FaultId id) {
    return chronicle.all(type).stream().filter(event -> fault.apply(event).equals(id)).toList();
  }

  private static <E extends RunEvent> Optional<E> first(
      Chronicle chronicle, Class<E> type, Function<E, FaultId> fault, FaultId id) {
    return all(chronicle, type, fault, id).stream().findFirst();
  }

  private static <T> Optional<T> last(List<T> some) {
    return some.isEmpty() ? Optional.empty() : Optional.of(some.get(some.size() - 1));
  }

  /** When the fault was sent that a way begins at; the first one sent if the way is not known. */
  static Optional<Instant> injectionBehind(List<String> path, List<FaultReport> faults) {
    List<FaultReport> sent = sent(faults);
    return sent.stream()
        .filter(fault -> !path.isEmpty() && fault.service().equals(path.get(0)))
        .findFirst()
        .or(() -> sent.stream().findFirst())
        .flatMap(FaultReport::injectedAt);
  }

  /** The faults of the method that were sent, in that order. */
  static List<FaultReport> sent(List<FaultReport> faults) {
    return faults.stream()
        .filter(fault -> fault.role() == FaultRole.FAULT && fault.injectedAt().isPresent())
        .sorted(Comparator.comparing(fault -> fault.injectedAt().orElse(Instant.MAX)))
        .toList();
  }

  /** Whether faults were sent, and all of them do nothing. */
  static boolean isPlacebo(List<FaultReport> faults) {
    List<FaultReport> sent = sent(faults);
    return !sent.isEmpty()
        && sent.stream().allMatch(fault -> fault.kind().equals(FaultKind.PLACEBO.value()));
  }

  static Rollback rollback(List<FaultReport> faults, Optional<Halt> halt) {
    List<FaultReport> sent = sent(faults);
    if (sent.isEmpty()) {
      return new Rollback(Proof.NOTHING_INJECTED, OptionalDouble.empty(), OptionalDouble.empty());
    }
    boolean gone = sent.stream().noneMatch(FaultReport::mayBeInPlace);
    return new Rollback(
        gone ? Proof.VERIFIED : Proof.UNVERIFIED,
        halt.map(cause -> sinceBreach(cause, sent)).orElse(OptionalDouble.empty()),
        undone(halt, sent));
  }

  private static OptionalDouble sinceBreach(Halt halt, List<FaultReport> sent) {
    List<FaultReport> inPlace = inPlaceAt(halt.breachAt(), sent);
    return latest(inPlace, FaultReport::rollbackRequestedAt)
        .map(at -> OptionalDouble.of(RunReports.seconds(halt.breachAt(), at)))
        .orElse(OptionalDouble.empty());
  }

  /** A fault whose time was over before the breach says nothing about how fast a halt is. */
  private static List<FaultReport> inPlaceAt(Instant breach, List<FaultReport> sent) {
    return sent.stream()
        .filter(fault -> fault.rollbackRequestedAt().map(at -> !at.isBefore(breach)).orElse(true))
        .toList();
  }

  private static OptionalDouble undone(Optional<Halt> halt, List<FaultReport> sent) {
    List<FaultReport> inPlace = halt.map(cause -> inPlaceAt(cause.breachAt(), sent)).orElse(sent);
    boolean haltedInTime = halt.isPresent() && !inPlace.isEmpty();
    List<FaultReport> undone = haltedInTime ? inPlace : sent;
    Optional<Instant> from =
        haltedInTime
            ? halt.map(Halt::breachAt)
            : undone.stream()
                .flatMap(fault -> fault.rollbackRequestedAt().stream())
                .min(Instant::compareTo);
    Optional<Instant> to = latest(undone, FaultReport::rolledBackAt);
    return from.isPresent() && to.isPresent()
        ? OptionalDouble.of(RunReports.seconds(from.get(), to.get()))
        : OptionalDouble.empty();
  }

  /** The latest of these instants; empty if there is none or one of the faults lacks its own. */
  private static Optional<Instant> latest(
      List<FaultReport> faults, Function<FaultReport, Optional<Instant>> instant) {
    return faults.stream().allMatch(fault -> instant.apply(fault).isPresent())
        ? faults.stream().flatMap(fault -> instant.apply(fault).stream()).max(Instant::compareTo)
        : Optional.empty();
  }
}
