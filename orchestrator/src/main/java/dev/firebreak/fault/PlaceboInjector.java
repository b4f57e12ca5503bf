package dev.firebreak.fault;

import java.util.List;
import java.util.Map;

/**
 * Injects nothing. A run with it goes through every phase, so whatever it flags is a false alarm:
 * the way to learn how often a GameDay would halt for nothing.
 */
public final class PlaceboInjector implements FaultInjector {
  private static final FaultDescription PLACEBO =
      new FaultDescription(
          FaultKind.PLACEBO,
          "Injects nothing, to measure how often a run halts for nothing.",
          List.of(),
          List.of(),
          true);

  @Override
  public List<FaultDescription> faults() {
    return List.of(PLACEBO);
  }

  @Override
  public FaultPlan plan(FaultId id, FaultRequest request) {
    return new FaultPlan(id, request, "nothing", Map.of());
  }

  @Override
  public Undo arm(FaultPlan plan) {
    return new Undo(plan.id(), FaultKind.PLACEBO, Map.of());
  }

  @Override
  public void start(FaultPlan plan, Undo undo) {
    // Nothing is what a placebo does.
  }

  @Override
  public void rollBack(Undo undo) {
    // There is never anything to remove.
  }

  /** Always gone: there is no time at which a placebo has an effect. */
  @Override
  public Observation look(Undo undo) {
    return Observation.gone("a placebo has no effect");
  }
}
