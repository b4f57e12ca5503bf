package dev.firebreak.fault;

import java.util.List;

/**
 * Puts faults in place and removes them; the extension point of Firebreak. Implementations are
 * found by {@link java.util.ServiceLoader}, have a public constructor without parameters, keep no
 * state between calls that another process could not rebuild from the {@link Undo}, and bound every
 * wait to a few seconds. Order of calls for one fault: {@link #plan}, {@link #arm}, {@link #start};
 * {@link #rollBack} and {@link #look} at any time after arm, from any process and thread, any
 * number of times.
 */
public interface FaultInjector {
  /** The faults it offers; the same list at every call. */
  List<FaultDescription> faults();

  /**
   * Resolves the target and the parameters. Reads only; called for a dry run too.
   *
   * @throws InjectionException if the target cannot be found or the parameters do not fit it
   */
  FaultPlan plan(FaultId id, FaultRequest request) throws InjectionException;

  /**
   * Takes down, right before the start, all that is needed to undo. Changes nothing.
   *
   * @throws InjectionException if somebody else's fault is active there, or the state to restore
   *     cannot be read
   */
  Undo arm(FaultPlan plan) throws InjectionException;

  /**
   * Puts the fault in place, or leaves nothing behind.
   *
   * @throws InjectionException if it could not; {@link InjectionException#ambiguous()} says whether
   *     the fault may be in place nevertheless
   */
  void start(FaultPlan plan, Undo undo) throws InjectionException;

  /**
   * Removes the fault and nothing else. Idempotent, legal from every state, never injects. That
   * there was nothing to remove is not a failure.
   *
   * @throws RollbackException if it may still be in place
   */
  void rollBack(Undo undo) throws RollbackException;

  /** Looks at the effect, not at what the injector was told. Never throws: {@code UNKNOWN}. */
  Observation look(Undo undo);
}
