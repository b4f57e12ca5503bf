package dev.firebreak.run;

import dev.firebreak.fault.FaultDescription;
import dev.firebreak.fault.FaultId;
import dev.firebreak.fault.FaultInjector;
import dev.firebreak.fault.FaultKind;
import dev.firebreak.fault.FaultPlan;
import dev.firebreak.fault.FaultRequest;
import dev.firebreak.fault.Observation;
import dev.firebreak.fault.RollbackException;
import dev.firebreak.fault.Undo;
import dev.firebreak.run.RunEvent.FaultArmed;
import dev.firebreak.service.ServiceName;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Only ever undoes, as for a guard or a recovery; fails as it is told to. */
public class UndoingInjector implements FaultInjector {
  /** What it undoes. */
  public static final FaultKind KIND = FaultKind.of("fake/undone");

  final List<String> undone = new ArrayList<>();
  final Map<String, Throwable> failing = new HashMap<>();
  private final Map<String, Deque<Observation>> seen = new HashMap<>();

  /** The undo record of a fault that is in place. */
  public final FaultArmed armed(Instant at, String id, String service) {
    FaultId fault = FaultId.of(id);
    return new FaultArmed(
        at,
        fault,
        KIND,
        ServiceName.of(service),
        "fake " + service,
        Duration.ofMinutes(1),
        new Undo(fault, KIND, Map.of()));
  }

  /** Until it is taken away, the undo of this fault fails so. */
  public final void failing(String id, Throwable how) {
    failing.put(id, how);
  }

  /** What the next looks at this fault see; then it is gone if it was undone. */
  final void sees(String id, Observation... next) {
    seen.put(id, new ArrayDeque<>(List.of(next)));
  }

  @Override
  public List<FaultDescription> faults() {
    return List.of(new FaultDescription(KIND, "a fake", List.of(), List.of(), true));
  }

  @Override
  public FaultPlan plan(FaultId id, FaultRequest request) {
    throw new AssertionError("a rollback never plans");
  }

  @Override
  public Undo arm(FaultPlan plan) {
    throw new AssertionError("a rollback never arms");
  }

  @Override
  public void start(FaultPlan plan, Undo undo) {
    throw new AssertionError("a rollback never injects");
  }

  @Override
  public void rollBack(Undo undo) throws RollbackException {
    Throwable failure = failing.get(undo.id().value());
    if (failure instanceof RollbackException e) {
      throw e;
    }
    if (failure instanceof RuntimeException e) {
      throw e;
    }
    if (failure instanceof Error e) {
      throw e;
    }
    undone.add(undo.id().value());
  }

  @Override
  public Observation look(Undo undo) {
    Deque<Observation> next = seen.getOrDefault(undo.id().value(), new ArrayDeque<>());
    if (!next.isEmpty()) {
      return next.remove();
    }
    return undone.contains(undo.id().value())
        ? Observation.gone("undone")
        : Observation.present("not undone");
  }
}
