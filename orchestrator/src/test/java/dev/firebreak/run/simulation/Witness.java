package dev.firebreak.run.simulation;

import dev.firebreak.fault.FaultId;
import dev.firebreak.run.Phase;
import dev.firebreak.run.RunEvent;
import dev.firebreak.run.RunEvent.BaselineTaken;
import dev.firebreak.run.RunEvent.FaultArmed;
import dev.firebreak.run.RunEvent.Halted;
import dev.firebreak.run.RunEvent.InjectionSent;
import dev.firebreak.run.RunEvent.PhaseEntered;
import dev.firebreak.run.RunEvent.RollbackAbandoned;
import dev.firebreak.run.RunEvent.RollbackRequested;
import dev.firebreak.run.RunEvent.RollbackVerified;
import dev.firebreak.run.RunEvent.RunClosed;
import dev.firebreak.run.RunEvent.RunOpened;
import dev.firebreak.run.RunListener;
import dev.firebreak.service.ServiceName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Hears one run and compares each sentence with the world, as soon as it is said. */
final class Witness implements RunListener {
  private static final Duration LONGEST_TO_UNDO = Duration.ofSeconds(2);

  final List<RunEvent> told = new ArrayList<>();
  final Set<FaultId> abandoned = new LinkedHashSet<>();
  final Set<ServiceName> watched = new LinkedHashSet<>();

  private final World world;
  private final WorldJournal journal;
  private final WorldSource source;
  private final Map<FaultId, ServiceName> services = new HashMap<>();
  private final Map<ServiceName, Long> undoAwaited = new TreeMap<>();
  private final Set<ServiceName> beingUndone = new LinkedHashSet<>();
  private final Set<FaultId> everRequested = new LinkedHashSet<>();
  private long haltedOrder = -1;
  private int lastPhase = -1;

  Witness(World world, WorldJournal journal, WorldSource source) {
    this.world = world;
    this.journal = journal;
    this.source = source;
  }

  @Override
  public void on(RunEvent event) {
    if (told.isEmpty() != event instanceof RunOpened) {
      world.violated("a run opens once and first, and this came: " + event);
    }
    if (!told.isEmpty() && told.get(told.size() - 1) instanceof RunClosed) {
      world.violated("told after the run was closed: " + event);
    }
    told.add(event);
    if (event instanceof PhaseEntered entered) {
      enter(entered.phase());
    } else if (event instanceof FaultArmed armed) {
      services.put(armed.fault(), armed.service());
    } else if (event instanceof BaselineTaken taken) {
      source.faultInPlace();
      watched.addAll(taken.servicesWatched());
    } else if (event instanceof InjectionSent && haltedOrder >= 0) {
      world.violated("sent after the halt: " + event);
    } else if (event instanceof Halted) {
      halted();
    } else if (event instanceof RollbackRequested requested) {
      requested(requested.fault());
    } else if (event instanceof RollbackVerified verified) {
      verify(verified.fault());
    } else if (event instanceof RollbackAbandoned given) {
      abandoned.add(given.fault());
      if (!everRequested.contains(given.fault())) {
        world.violated("given up without a single try: " + given.fault());
      }
    }
  }

  @SuppressWarnings("EnumOrdinal") // The order of the phases is what is checked.
  private void enter(Phase phase) {
    if (phase.ordinal() <= lastPhase) {
      world.violated(phase + " came after " + Phase.values()[lastPhase]);
    }
    lastPhase = phase.ordinal();
    if (phase == Phase.ROLLBACK) {
      source.faultOver();
    }
  }

  private void halted() {
    if (haltedOrder >= 0) {
      world.violated("halted twice");
    }
    haltedOrder = world.loop.order();
    for (RunEvent event : told) {
      if (event instanceof InjectionSent sent) {
        ServiceName service = services.get(sent.fault());
        if (service != null && !beingUndone.contains(service)) {
          undoAwaited.put(service, world.loop.nanoTime());
        }
      }
    }
  }

  private void requested(FaultId fault) {
    everRequested.add(fault);
    ServiceName service = services.get(fault);
    if (service == null) {
      return;
    }
    beingUndone.add(service);
    Long since = undoAwaited.remove(service);
    if (since != null && world.loop.nanoTime() - since > LONGEST_TO_UNDO.toNanos()) {
      world.violated("the undo of " + fault + " was sent more than 2 s after the halt");
    }
  }

  private void verify(FaultId fault) {
    ServiceName service = services.get(fault);
    if (service != null
        && !world.target(service).gone
        && world.target(service).holds(fault.value())) {
      world.violated("verified, but still there: " + fault);
    }
  }

  /** The injector is asked to start a fault: may it be? */
  void starting(FaultId fault) {
    List<RunEvent> onDisk = journal.events();
    boolean armed =
        onDisk.stream().anyMatch(e -> e instanceof FaultArmed a && a.fault().equals(fault));
    boolean sent =
        onDisk.stream().anyMatch(e -> e instanceof InjectionSent s && s.fault().equals(fault));
    if (!armed || !sent) {
      world.violated("started without its undo on disk: " + fault);
    }
    if (haltedOrder >= 0 && world.loop.sentAtOrder() > haltedOrder) {
      world.violated("started after the halt: " + fault);
    }
  }

  /** The run returned. */
  void closed() {
    if (told.isEmpty() || !(told.get(told.size() - 1) instanceof RunClosed)) {
      world.violated("the run was never closed");
    }
    undoAwaited.keySet().forEach(s -> world.violated("halted, and no undo was sent to " + s));
  }

  boolean halts() {
    return haltedOrder >= 0;
  }
}
