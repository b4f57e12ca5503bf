package dev.firebreak.run.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The protocol of a fault between two nodes, the run and the guard, as a model of which every state
 * is visited, breadth first: two faults, and in each state a node may crash, pause or wake, the
 * wall clock may jump, the lease may end, and every message may arrive, be lost, or arrive twice.
 *
 * <p>The rules of the protocol:
 *
 * <ul>
 *   <li>The start is sent only after the guard acknowledged that it armed. Between that check and
 *       the sending a pause may lie.
 *   <li>The lease is measured by a monotonic clock. When it ends the guard rolls back, and the run,
 *       if it lives, halts. The guard arms nothing any more.
 *   <li>A rollback is legal from every state, and is sent again until it is seen to work.
 *   <li>A fault counts as removed after two looks that saw nothing, the second so late that no
 *       start can be on its way any more.
 *   <li>The guard keeps looking as long as the run's process lives, since one that was paused may
 *       wake and send what it was about to send. It may let go once the run says that the fault is
 *       verified, or is dead.
 *   <li>The guard's death halts the run. That both die is the matter of recovery at the next start.
 * </ul>
 */
class FaultProtocolModelTest {
  private static final int MOST_STATES = 20_000_000;

  // How far the run is with a fault.
  private static final int PLANNED = 0;
  private static final int ARM_SENT = 1;
  private static final int ARMED = 2;
  private static final int ABOUT_TO_START = 3;
  private static final int START_SENT = 4;
  private static final int ROLLING_BACK = 5;
  private static final int SEEN_GONE = 6;
  private static final int VERIFIED = 7;

  // How far the guard is with it.
  private static final int WAITS = 0;
  private static final int GUARD_ROLLS_BACK = 1;
  private static final int GUARD_SAW_IT_GONE = 2;
  private static final int LET_GO = 3;

  // Nodes.
  private static final int RUNS = 0;
  private static final int PAUSED = 1;
  private static final int DEAD = 2;

  // Messages under way, as bits.
  private static final int ARM = 1;
  private static final int ARM_ACKNOWLEDGED = 1 << 1;
  private static final int START = 1 << 2;
  private static final int UNDO = 1 << 3;
  private static final int GUARDS_UNDO = 1 << 4;
  private static final int RELEASE = 1 << 5;
  private static final int[] MESSAGES = {ARM, ARM_ACKNOWLEDGED, START, UNDO, GUARDS_UNDO, RELEASE};

  /** What may be wrong with the protocol; the model must find each. */
  private enum Defect {
    NONE,
    STARTS_BEFORE_THE_GUARD_ARMED,
    BELIEVES_ONE_LOOK,
    BELIEVES_THE_ANSWER_TO_THE_UNDO,
    GUARD_LETS_GO_WHILE_THE_RUN_MAY_WAKE,
    GUARD_USES_THE_WALL_CLOCK,
    RELEASES_BEFORE_IT_IS_VERIFIED
  }

  /** One fault; mutable only while a state is unpacked. */
  private static final class Fault {
    int step;
    boolean guarded;
    int guard;
    boolean inPlace;
    int under;

    long pack() {
      return step | (guarded ? 8 : 0) | guard << 4 | (inPlace ? 64 : 0) | (long) under << 7;
    }

    static Fault unpack(long bits) {
      Fault fault = new Fault();
      fault.step = (int) bits & 7;
      fault.guarded = (bits & 8) != 0;
      fault.guard = (int) (bits >> 4) & 3;
      fault.inPlace = (bits & 64) != 0;
      fault.under = (int) (bits >> 7) & 63;
      return fault;
    }
  }

  private static final class State {
    int run;
    int guard;
    boolean leaseOver;
    boolean wallJumped;
    boolean halted;
    Fault[] faults = {new Fault(), new Fault()};

    long pack() {
      return faults[0].pack()
          | faults[1].pack() << 13
          | (long) run << 26
          | (long) guard << 28
          | (leaseOver ? 1L << 30 : 0)
          | (wallJumped ? 1L << 31 : 0)
          | (halted ? 1L << 32 : 0);
    }

    static State unpack(long bits) {
      State state = new State();
      state.faults = new Fault[] {Fault.unpack(bits), Fault.unpack(bits >> 13)};
      state.run = (int) (bits >> 26) & 3;
      state.guard = (int) (bits >> 28) & 3;
      state.leaseOver = (bits & 1L << 30) != 0;
      state.wallJumped = (bits & 1L << 31) != 0;
      state.halted = (bits & 1L << 32) != 0;
      return state;
    }

    @Override
    public String toString() {
      List<String> parts = new ArrayList<>();
      parts.add("run " + run + " guard " + guard + (leaseOver ? " lease over" : ""));
      for (Fault f : faults) {
        parts.add(
            "fault step %d guard %d %s, messages %s"
                .formatted(f.step, f.guard, f.inPlace ? "IN PLACE" : "", f.under));
      }
      return String.join("; ", parts);
    }
  }

  @Test
  void noFaultIsEverInPlaceWithNobodyLeftWhoWillRemoveIt() {
    Exploration explored = new Exploration(Defect.NONE).run();

    System.out.printf(
        "the fault's protocol: %d states visited, %d violations%n",
        explored.visited.size, explored.violation.isEmpty() ? 0 : 1);
    assertThat(explored.violation).isEmpty();
    assertThat(explored.visited.size).isGreaterThan(100_000);
  }

  @Test
  void theModelFindsEveryPlantedDefect() {
    for (Defect defect : Defect.values()) {
      if (defect != Defect.NONE) {
        assertThat(new Exploration(defect).run().violation).as(defect.name()).isNotEmpty();
      }
    }
  }

  /** Visits every state that can be reached, until one violates what may never break. */
  private static final class Exploration {
    final Longs visited = new Longs();
    final Defect defect;
    String violation = "";

    Exploration(Defect defect) {
      this.defect = defect;
    }

    Exploration run() {
      visited.add(new State().pack());
      for (int next = 0; next < visited.size && violation.isEmpty(); next++) {
        long packed = visited.inOrder[next];
        check(State.unpack(packed));
        if (visited.size > MOST_STATES) {
          throw new AssertionError("more than " + MOST_STATES + " states");
        }
        ofNodes(packed);
        for (int i = 0; i < 2; i++) {
          ofMessages(packed, i);
          ofRun(packed, i);
          ofGuard(packed, i);
        }
      }
      return this;
    }

    private void check(State state) {
      for (Fault fault : state.faults) {
        if (fault.inPlace && !isSomebodysMatter(state, fault)) {
          violation = "in place, and nobody will remove it: " + state;
        }
        boolean onItsWay = (fault.under & START) != 0;
        if (fault.step == VERIFIED && (fault.inPlace || onItsWay)) {
          violation = "said to be verified, and it is not gone: " + state;
        }
      }
    }

    /** A run that is paused may never wake: then it must be the guard's matter. */
    private boolean isSomebodysMatter(State state, Fault fault) {
      boolean undoOnItsWay = (fault.under & (UNDO | GUARDS_UNDO)) != 0;
      boolean runWill =
          fault.step != VERIFIED
              && (state.run == RUNS || (state.run == PAUSED && state.guard == DEAD));
      boolean seesTheEnd = defect != Defect.GUARD_USES_THE_WALL_CLOCK || !state.wallJumped;
      boolean guardWill =
          state.guard != DEAD && fault.guarded && fault.guard != LET_GO && seesTheEnd;
      return runWill || guardWill || (undoOnItsWay && state.run == RUNS);
    }

    private void ofNodes(long packed) {
      State state = State.unpack(packed);
      boolean ended = true;
      for (Fault fault : state.faults) {
        ended &= fault.step == VERIFIED || fault.step == PLANNED;
      }
      if (state.run == RUNS && (state.guard != DEAD || (state.halted && ended))) {
        visit(packed, s -> s.run = DEAD);
      }
      if (state.run == PAUSED && state.guard != DEAD) {
        visit(packed, s -> s.run = DEAD);
      }
      if (state.run == RUNS) {
        visit(packed, s -> s.run = PAUSED);
        visit(packed, s -> s.halted = true);
      }
      if (state.run == PAUSED) {
        visit(packed, s -> s.run = RUNS);
      }
      if (state.guard == RUNS) {
        visit(packed, s -> s.guard = PAUSED);
      }
      if (state.guard == PAUSED) {
        visit(packed, s -> s.guard = RUNS);
      }
      if (state.guard != DEAD && state.run != DEAD) {
        visit(packed, s -> s.guard = DEAD);
      }
      visit(packed, s -> s.leaseOver = true);
      visit(packed, s -> s.wallJumped = !s.wallJumped);
    }

    private void ofMessages(long packed, int i) {
      State state = State.unpack(packed);
      for (int message : MESSAGES) {
        if ((state.faults[i].under & message) != 0) {
          visit(packed, s -> s.faults[i].under &= ~message);
          visit(packed, s -> arrive(s, s.faults[i], message));
          visit(
              packed,
              s -> {
                s.faults[i].under &= ~message;
                arrive(s, s.faults[i], message);
              });
        }
      }
    }

    private void arrive(State state, Fault fault, int message) {
      switch (message) {
        case ARM -> {
          if (state.guard == RUNS && !state.leaseOver && fault.guard == WAITS) {
            fault.guarded = true;
            fault.under |= ARM_ACKNOWLEDGED;
          }
        }
        case ARM_ACKNOWLEDGED -> {
          if (state.run == RUNS && fault.step == ARM_SENT) {
            fault.step = ARMED;
          }
        }
        case START -> fault.inPlace = true;
        case UNDO -> {
          fault.inPlace = false;
          if (defect == Defect.BELIEVES_THE_ANSWER_TO_THE_UNDO && state.run == RUNS) {
            fault.step = VERIFIED;
          }
        }
        case GUARDS_UNDO -> fault.inPlace = false;
        case RELEASE -> {
          if (state.guard == RUNS) {
            fault.guard = LET_GO;
          }
        }
        default -> throw new IllegalArgumentException("message " + message);
      }
    }

    private void ofRun(long packed, int i) {
      State state = State.unpack(packed);
      Fault fault = state.faults[i];
      if (state.run != RUNS) {
        return;
      }
      if (state.halted) {
        ofHaltedRun(packed, i, fault);
        return;
      }
      switch (fault.step) {
        case PLANNED -> visit(packed, s -> send(s.faults[i], ARM_SENT, ARM));
        case ARM_SENT -> {
          if (defect == Defect.STARTS_BEFORE_THE_GUARD_ARMED) {
            visit(packed, s -> s.faults[i].step = ABOUT_TO_START);
          }
        }
        case ARMED -> {
          if (!state.leaseOver) {
            visit(packed, s -> s.faults[i].step = ABOUT_TO_START);
          }
        }
        case ABOUT_TO_START -> visit(packed, s -> send(s.faults[i], START_SENT, START));
        default -> {
          // Waits for its time to be over, which halts.
        }
      }
    }

    private void ofHaltedRun(long packed, int i, Fault fault) {
      switch (fault.step) {
        case PLANNED, VERIFIED -> {
          // Nothing to do any more.
        }
        case ROLLING_BACK -> {
          visit(packed, s -> s.faults[i].under |= UNDO);
          if (!fault.inPlace) {
            boolean enough = defect == Defect.BELIEVES_ONE_LOOK;
            visit(packed, s -> s.faults[i].step = enough ? VERIFIED : SEEN_GONE);
          }
          if (defect == Defect.RELEASES_BEFORE_IT_IS_VERIFIED) {
            visit(packed, s -> s.faults[i].under |= RELEASE);
          }
        }
        case SEEN_GONE -> {
          if (fault.inPlace) {
            visit(packed, s -> s.faults[i].step = ROLLING_BACK);
          } else if ((fault.under & START) == 0) {
            visit(packed, s -> send(s.faults[i], VERIFIED, RELEASE));
          }
        }
        default -> visit(packed, s -> send(s.faults[i], ROLLING_BACK, UNDO));
      }
    }

    private void ofGuard(long packed, int i) {
      State state = State.unpack(packed);
      Fault fault = state.faults[i];
      boolean blinded = defect == Defect.GUARD_USES_THE_WALL_CLOCK && state.wallJumped;
      if (state.guard != RUNS || !fault.guarded || !state.leaseOver || blinded) {
        return;
      }
      switch (fault.guard) {
        case WAITS -> visit(packed, s -> guardUndoes(s.faults[i]));
        case GUARD_ROLLS_BACK -> {
          visit(packed, s -> guardUndoes(s.faults[i]));
          if (!fault.inPlace) {
            visit(packed, s -> s.faults[i].guard = GUARD_SAW_IT_GONE);
          }
        }
        case GUARD_SAW_IT_GONE -> {
          boolean nobodyWakes =
              state.run == DEAD || defect == Defect.GUARD_LETS_GO_WHILE_THE_RUN_MAY_WAKE;
          if (fault.inPlace) {
            visit(packed, s -> guardUndoes(s.faults[i]));
          } else if (nobodyWakes && (fault.under & START) == 0) {
            visit(packed, s -> s.faults[i].guard = LET_GO);
          }
        }
        default -> {
          // It let go.
        }
      }
    }

    private static void guardUndoes(Fault fault) {
      fault.guard = GUARD_ROLLS_BACK;
      fault.under |= GUARDS_UNDO;
    }

    private static void send(Fault fault, int step, int message) {
      fault.step = step;
      fault.under |= message;
    }

    private void visit(long from, Change change) {
      State next = State.unpack(from);
      change.apply(next);
      // Which fault is the first makes no difference.
      if (next.faults[0].pack() > next.faults[1].pack()) {
        next.faults = new Fault[] {next.faults[1], next.faults[0]};
      }
      visited.add(next.pack());
    }
  }

  private interface Change {
    void apply(State state);
  }

  /** A set of numbers that remembers their order. */
  private static final class Longs {
    long[] inOrder = new long[1 << 16];
    int size;
    private long[] table = new long[1 << 18];

    void add(long value) {
      if (2 * size > table.length) {
        long[] old = table;
        table = new long[2 * old.length];
        for (int i = 0; i < size; i++) {
          insert(inOrder[i] + 1);
        }
      }
      if (insert(value + 1)) {
        if (size == inOrder.length) {
          inOrder = Arrays.copyOf(inOrder, 2 * size);
        }
        inOrder[size++] = value;
      }
    }

    /** Of one more than the value, since zero means empty. */
    private boolean insert(long key) {
      int place = (int) ((key * 0x9E3779B97F4A7C15L) >>> 40) & (table.length - 1);
      while (table[place] != 0) {
        if (table[place] == key) {
          return false;
        }
        place = (place + 1) & (table.length - 1);
      }
      table[place] = key;
      return true;
    }
  }
}
