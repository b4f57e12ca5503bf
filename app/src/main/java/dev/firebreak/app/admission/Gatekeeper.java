package dev.firebreak.app.admission;

import dev.firebreak.app.run.ActiveRuns;
import dev.firebreak.app.run.Gates;
import dev.firebreak.app.run.HomeLocks;
import dev.firebreak.run.RunId;
import dev.firebreak.run.RunPlan;
import dev.firebreak.run.RunSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Decides which runs may start, and keeps their targets theirs while they go on. */
public final class Gatekeeper implements Gates {
  private final Path home;
  private final KillSwitch killSwitch;
  private final HomeLocks locks;
  private final ActiveRuns activeRuns;

  /** The gatekeeper of one home. */
  public Gatekeeper(Path home, KillSwitch killSwitch, HomeLocks locks, ActiveRuns activeRuns) {
    this.home = home;
    this.killSwitch = killSwitch;
    this.locks = locks;
    this.activeRuns = activeRuns;
  }

  @Override
  public Gate gate(List<String> leftovers) {
    return new OneGate(leftovers);
  }

  @Override
  public Optional<String> stopped() {
    return killSwitch.isEngaged()
        ? killSwitch.reason().map(reason -> "the kill switch is engaged: " + reason)
        : Optional.empty();
  }

  /** What one run is asked, and what it holds. */
  private final class OneGate implements Gate {
    private final List<String> leftovers;
    private final List<HomeLocks.Held> held = new ArrayList<>();
    private boolean closed;

    OneGate(List<String> leftovers) {
      this.leftovers = List.copyOf(leftovers);
    }

    @Override
    public List<String> objections(RunSpec spec) {
      List<String> objections = new ArrayList<>(leftovers);
      stopped()
          .ifPresent(
              why -> objections.add(why + "; release it with: firebreak release --reason \"…\""));
      try {
        Ceilings ceilings = CeilingsFile.read(home);
        objections.addAll(ceilings.violations(spec));
        if (objections.isEmpty()) {
          objections.addAll(take(spec, ceilings));
        }
      } catch (IOException e) {
        objections.add("the limits cannot be read: " + e.getMessage());
      }
      return objections;
    }

    @Override
    public List<String> objections(RunSpec spec, RunPlan plan) {
      try {
        return CeilingsFile.read(home).violations(spec, plan);
      } catch (IOException e) {
        return List.of("the limits cannot be read: " + e.getMessage());
      }
    }

    private synchronized List<String> take(RunSpec spec, Ceilings ceilings) throws IOException {
      if (closed) {
        return List.of("the run is over");
      }
      List<String> taken = new ArrayList<>();
      for (String identity : Targets.identities(spec)) {
        Optional<HomeLocks.Held> lock = locks.tryTake(Targets.lockName(identity));
        lock.ifPresent(held::add);
        if (lock.isEmpty()) {
          taken.add(
              "another run on this machine has the same target: %s%s"
                  .formatted(identity, others(spec.id())));
        }
      }
      return taken.isEmpty() ? takeSlots(spec, ceilings) : taken;
    }

    private List<String> takeSlots(RunSpec spec, Ceilings ceilings) throws IOException {
      int wanted = spec.experiment().method().size();
      int got = 0;
      for (int slot = 1; slot <= ceilings.faultsAtOnce() && got < wanted; slot++) {
        Optional<HomeLocks.Held> lock = locks.tryTake("fault-" + slot);
        lock.ifPresent(held::add);
        got += lock.isPresent() ? 1 : 0;
      }
      return got == wanted
          ? List.of()
          : List.of(
              "other runs on this machine have faults already; faults-at-once allows %d%s"
                  .formatted(ceilings.faultsAtOnce(), others(spec.id())));
    }

    private String others(RunId self) throws IOException {
      List<RunId> others =
          activeRuns.list().stream()
              .map(ActiveRuns.ActiveRun::id)
              .filter(id -> !id.equals(self))
              .toList();
      return others.isEmpty() ? "" : "; running: " + others;
    }

    @Override
    public synchronized void close() {
      closed = true;
      held.forEach(HomeLocks.Held::close);
      held.clear();
    }
  }
}
