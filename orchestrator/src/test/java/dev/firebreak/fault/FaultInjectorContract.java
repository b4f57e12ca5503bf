package dev.firebreak.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.firebreak.fault.Observation.Presence;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * What the engine relies on in every fault injector. A test of an injector extends it, once for
 * each fault that the injector offers, with a target of its own for each test.
 */
public abstract class FaultInjectorContract {
  /** The fault under test. */
  protected static final FaultId ID = FaultId.of("run-1.f1");

  /** A new instance that shares nothing with others, as another process would make it. */
  protected abstract FaultInjector injector();

  /** What a correct file asks for, on a target that is there and has no fault. */
  protected abstract FaultRequest request() throws Exception;

  /** The same, on a target that does not exist; {@link #unknownTarget()} names it. */
  protected abstract FaultRequest requestForUnknownTarget() throws Exception;

  /** The word that the refusal of an unknown target must contain. */
  protected abstract String unknownTarget();

  /** All that a fault may change, asked of the target itself; comparable with {@code equals}. */
  protected abstract Object targetState() throws Exception;

  /** From now on the target does not do what the start asks of it, but can still be undone. */
  protected abstract void letStartFail() throws Exception;

  /** What an injector may look for in an undo record that was left without its data. */
  private Undo damaged() throws Exception {
    return new Undo(ID, request().kind(), Map.of());
  }

  @Test
  void offersTheSameFaultsAtEveryCall() {
    assertThat(injector().faults()).isNotEmpty().isEqualTo(injector().faults());
  }

  @Test
  void isFoundByTheServiceLoader() {
    assertThat(ServiceLoader.load(FaultInjector.class))
        .anyMatch(found -> found.getClass().equals(injector().getClass()));
  }

  @Test
  void planAndArmTouchNothing() throws Exception {
    Object before = targetState();

    injector().arm(injector().plan(ID, request()));

    assertThat(targetState()).isEqualTo(before);
  }

  @Test
  void theUndoRecordBelongsToTheFault() throws Exception {
    Undo undo = injector().arm(injector().plan(ID, request()));

    assertThat(undo.id()).isEqualTo(ID);
    assertThat(undo.kind()).isEqualTo(request().kind());
  }

  @Test
  void anUnknownTargetIsRefusedByName() throws Exception {
    FaultRequest request = requestForUnknownTarget();

    assertThatThrownBy(() -> injector().plan(ID, request))
        .isInstanceOfSatisfying(InjectionException.class, e -> assertThat(e.ambiguous()).isFalse())
        .hasMessageContaining(unknownTarget());
  }

  @Test
  void theStartPutsTheFaultInPlaceAndALookSeesIt() throws Exception {
    Object before = targetState();

    Undo undo = start();

    assertThat(targetState()).isNotEqualTo(before);
    assertThat(injector().look(undo).presence()).isIn(Presence.PRESENT, Presence.IN_PLACE);
  }

  @Test
  void aStartThatFailsLeavesNothingBehind() throws Exception {
    Object before = targetState();
    FaultInjector injector = injector();
    FaultPlan plan = injector.plan(ID, request());
    Undo undo = injector.arm(plan);
    letStartFail();

    assertThatThrownBy(() -> injector.start(plan, undo)).isInstanceOf(InjectionException.class);

    assertThat(targetState()).isEqualTo(before);
  }

  @Test
  void theRollbackRestoresExactlyWhatWasFound() throws Exception {
    assumeReversible();
    Object before = targetState();
    FaultInjector injector = injector();
    FaultPlan plan = injector.plan(ID, request());
    Undo undo = injector.arm(plan);
    injector.start(plan, undo);

    injector.rollBack(undo);

    assertThat(targetState()).isEqualTo(before);
    assertThat(injector.look(undo).presence()).isEqualTo(Presence.GONE);
  }

  @Test
  void anotherProcessRollsBackWithTheUndoRecordAlone() throws Exception {
    assumeReversible();
    Object before = targetState();
    Undo undo = start();

    injector().rollBack(readBack(undo));

    assertThat(targetState()).isEqualTo(before);
    assertThat(injector().look(readBack(undo)).presence()).isEqualTo(Presence.GONE);
  }

  @Test
  void theRollbackMayComeTwice() throws Exception {
    assumeReversible();
    Object before = targetState();
    Undo undo = start();

    injector().rollBack(undo);
    injector().rollBack(undo);

    assertThat(targetState()).isEqualTo(before);
  }

  @Test
  void aRollbackBeforeTheStartInjectsNothing() throws Exception {
    Object before = targetState();
    Undo undo = injector().arm(injector().plan(ID, request()));

    injector().rollBack(undo);

    assertThat(targetState()).isEqualTo(before);
    assertThat(injector().look(undo).presence()).isEqualTo(Presence.GONE);
  }

  @Test
  void aLookNeverThrows() throws Exception {
    assertThat(injector().look(damaged()).presence()).isEqualTo(Presence.UNKNOWN);
  }

  @Test
  void aDamagedUndoRecordIsAFailedRollbackAndTouchesNothing() throws Exception {
    assumeReversible();
    Object before = targetState();
    Undo damaged = damaged();

    assertThatThrownBy(() -> injector().rollBack(damaged)).isInstanceOf(RollbackException.class);

    assertThat(targetState()).isEqualTo(before);
  }

  private Undo start() throws Exception {
    FaultInjector injector = injector();
    FaultPlan plan = injector.plan(ID, request());
    Undo undo = injector.arm(plan);
    injector.start(plan, undo);
    return undo;
  }

  /** As the journal gives it back: the same words, other objects. */
  private static Undo readBack(Undo undo) {
    Map<String, String> copy = new TreeMap<>();
    undo.data().forEach((key, value) -> copy.put(key, String.copyValueOf(value.toCharArray())));
    return new Undo(FaultId.of(undo.id().value()), undo.kind(), copy);
  }

  private void assumeReversible() throws Exception {
    FaultKind kind = request().kind();
    assumeTrue(
        injector().faults().stream()
            .anyMatch(fault -> fault.kind().equals(kind) && fault.reversible()),
        kind + " cannot be undone");
  }
}
