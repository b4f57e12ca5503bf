package dev.firebreak.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.firebreak.fault.Observation.Presence;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the engine relies on in every fault injector. A test of an injector extends it, once for
 * each fault that the injector offers, with a target of its own for each test.
 */
public abstract class FaultInjectorContract {
  /** The fault under test. */
  protected static final FaultId ID = FaultId.of("run-1.f1");

  /** Another fault of the same kind, on the same target. */
  protected static final FaultId OTHER = FaultId.of("run-1.f2");

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

  /** How a target answers. */
  protected enum Behaviour {
    /** As it is. */
    HONEST,
    /** It does what a start asks of it, and its answer gets lost. */
    LOSES_THE_ANSWER_TO_A_START,
    /** It says that it has done what a start asks of it, and has not. */
    CLAIMS_STARTS,
    /** It says that it has undone the fault, and has not. */
    CLAIMS_UNDOS
  }

  /** From now on the target answers so; false if nothing answers there that could. */
  protected abstract boolean behave(Behaviour behaviour) throws Exception;

  /** The target is started again, and has forgotten what it held in memory. */
  protected abstract void restartTarget() throws Exception;

  /** The target goes away for good. */
  protected abstract void removeTarget() throws Exception;

  /** Gone if a fault cannot outlive its target; unknown if the target may be back. */
  protected abstract Presence presenceWithoutTarget();

  /** Puts something of somebody else as near to the fault as can be. */
  protected abstract void placeForeignState() throws Exception;

  /** All of what somebody else has there, to the byte; comparable with {@code equals}. */
  protected abstract Object foreignState() throws Exception;

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
  void twoProcessesMayRollBackAtOnce() throws Exception {
    assumeReversible();
    Object before = targetState();
    Undo undo = start();

    Process one = RollBackElsewhere.start(undo);
    Process other = RollBackElsewhere.start(undo);

    // One may find the other's work half done, and try again as the engine does.
    boolean first = RollBackElsewhere.succeeded(one);
    boolean second = RollBackElsewhere.succeeded(other);
    assertThat(first || second || RollBackElsewhere.succeeded(RollBackElsewhere.start(undo)))
        .isTrue();
    assertThat(targetState()).isEqualTo(before);
    assertThat(injector().look(undo).presence()).isEqualTo(Presence.GONE);
  }

  @Test
  void theRollbackMayComeThreeTimes() throws Exception {
    assumeReversible();
    Object before = targetState();
    Undo undo = start();

    for (int time = 0; time < 3; time++) {
      injector().rollBack(undo);
      assertThat(targetState()).isEqualTo(before);
      assertThat(injector().look(undo).presence()).isEqualTo(Presence.GONE);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void undosOfTwoFaultsMayComeInAnyOrder(boolean ofTheStartedFirst) throws Exception {
    assumeReversible();
    Object before = targetState();
    Undo neverStarted = injector().arm(injector().plan(OTHER, request()));
    Undo started = start();

    injector().rollBack(ofTheStartedFirst ? started : neverStarted);
    injector().rollBack(ofTheStartedFirst ? neverStarted : started);

    assertThat(targetState()).isEqualTo(before);
    assertThat(injector().look(started).presence()).isEqualTo(Presence.GONE);
    assertThat(injector().look(neverStarted).presence()).isEqualTo(Presence.GONE);
  }

  @Test
  void anUndoThatComesAgainAfterALaterFaultHasGoneChangesNothing() throws Exception {
    assumeReversible();
    Object before = targetState();
    Undo first = start();
    injector().rollBack(first);
    FaultPlan plan = injector().plan(OTHER, request());
    Undo second = injector().arm(plan);
    injector().start(plan, second);
    injector().rollBack(second);

    injector().rollBack(first);

    assertThat(targetState()).isEqualTo(before);
  }

  @Test
  void aSecondFaultOnTheSameTargetIsRefusedAndTouchesNothing() throws Exception {
    FaultPlan second = injector().plan(OTHER, request());
    Undo undo = start();
    Object during = targetState();

    assertThatThrownBy(() -> injector().arm(second))
        .isInstanceOfSatisfying(InjectionException.class, e -> assertThat(e.ambiguous()).isFalse());

    assertThat(targetState()).isEqualTo(during);
    assertThat(injector().look(undo).presence()).isIn(Presence.PRESENT, Presence.IN_PLACE);
  }

  @Test
  void aTargetThatWasStartedAgainIsLeftWithoutTheFault() throws Exception {
    assumeReversible();
    Object before = targetState();
    Undo undo = start();
    restartTarget();

    injector().rollBack(undo);

    assertThat(targetState()).isEqualTo(before);
    assertThat(injector().look(undo).presence()).isEqualTo(Presence.GONE);
  }

  @Test
  void ofATargetThatIsGoneNoMoreIsSaidThanIsKnown() throws Exception {
    assumeReversible();
    Undo undo = start();
    removeTarget();

    if (presenceWithoutTarget() == Presence.GONE) {
      injector().rollBack(undo);
    } else {
      assertThatThrownBy(() -> injector().rollBack(undo)).isInstanceOf(RollbackException.class);
    }

    assertThat(injector().look(undo).presence()).isEqualTo(presenceWithoutTarget());
  }

  @Test
  void aLostAnswerToAStartThatTookEffectIsAmbiguousAndCanBeUndone() throws Exception {
    Object before = targetState();
    FaultPlan plan = injector().plan(ID, request());
    Undo undo = injector().arm(plan);
    assumeAnswers(Behaviour.LOSES_THE_ANSWER_TO_A_START);

    assertThatThrownBy(() -> injector().start(plan, undo))
        .isInstanceOfSatisfying(InjectionException.class, e -> assertThat(e.ambiguous()).isTrue());
    assertThat(targetState()).isNotEqualTo(before);

    behave(Behaviour.HONEST);
    assumeReversible();
    injector().rollBack(undo);
    assertThat(targetState()).isEqualTo(before);
    assertThat(injector().look(undo).presence()).isEqualTo(Presence.GONE);
  }

  @Test
  void aStartThatIsOnlyClaimedIsNeverSeenAsPresent() throws Exception {
    Object before = targetState();
    FaultPlan plan = injector().plan(ID, request());
    Undo undo = injector().arm(plan);
    assumeAnswers(Behaviour.CLAIMS_STARTS);

    try {
      injector().start(plan, undo);
    } catch (InjectionException e) {
      assertThat(e).as("an injector may find out by itself").hasMessageContaining(" ");
    }

    assertThat(injector().look(undo).presence()).isEqualTo(Presence.GONE);
    assertThat(targetState()).isEqualTo(before);
  }

  @Test
  void anUndoThatIsOnlyClaimedIsNeverSeenAsGone() throws Exception {
    assumeReversible();
    Object before = targetState();
    Undo undo = start();
    assumeAnswers(Behaviour.CLAIMS_UNDOS);

    try {
      injector().rollBack(undo);
    } catch (RollbackException e) {
      assertThat(e).as("an injector may find out by itself").hasMessageContaining(" ");
    }
    assertThat(injector().look(undo).presence()).isIn(Presence.PRESENT, Presence.IN_PLACE);

    behave(Behaviour.HONEST);
    injector().rollBack(undo);
    assertThat(targetState()).isEqualTo(before);
    assertThat(injector().look(undo).presence()).isEqualTo(Presence.GONE);
  }

  @Test
  void whatSomebodyElseHasThereStaysTheSameToTheByte() throws Exception {
    placeForeignState();
    Object before = foreignState();

    Undo undo = start();
    injector().rollBack(undo);
    injector().rollBack(undo);

    assertThat(foreignState()).isEqualTo(before);
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

  private void assumeAnswers(Behaviour behaviour) throws Exception {
    assumeTrue(behave(behaviour), "nothing answers there that could lie");
  }

  private void assumeReversible() throws Exception {
    FaultKind kind = request().kind();
    assumeTrue(
        injector().faults().stream()
            .anyMatch(fault -> fault.kind().equals(kind) && fault.reversible()),
        kind + " cannot be undone");
  }
}
