package dev.firebreak.annotations;

import dev.firebreak.fault.FaultId;
import dev.firebreak.fault.FaultKind;
import dev.firebreak.run.RunEvent;
import dev.firebreak.run.RunEvent.FaultArmed;
import dev.firebreak.run.RunEvent.InjectionFailed;
import dev.firebreak.run.RunEvent.InjectionSent;
import dev.firebreak.run.RunEvent.RollbackVerified;
import dev.firebreak.run.RunListener;
import dev.firebreak.service.ServiceName;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Which faults of one run are, or may be, in the world: from the moment the injection is sent until
 * two looks say that it is gone. One whose rollback was abandoned stays. The user's own undo
 * actions inject nothing and are left out. Used by one thread.
 */
public final class FaultsInPlace implements RunListener {
  /** Faults are numbered {@code <run>.f1}, undo actions {@code <run>.r1}. */
  private static final Pattern UNDO_ACTION = Pattern.compile(".*\\.r[0-9]+");

  private final Map<FaultId, FaultArmed> armed = new LinkedHashMap<>();
  private final Map<FaultId, Instant> sentAt = new LinkedHashMap<>();
  private final Map<FaultId, FaultArmed> inPlace = new LinkedHashMap<>();
  private final EventHandlers handlers =
      new EventHandlers()
          .handle(FaultArmed.class, event -> armed.put(event.fault(), event))
          .handle(InjectionSent.class, this::sent)
          .handle(InjectionFailed.class, this::failed)
          .handle(RollbackVerified.class, event -> inPlace.remove(event.fault()));

  @Override
  public void on(RunEvent event) {
    handlers.on(event);
  }

  /** What was armed, if it was; also after it is gone. Empty for the user's undo actions. */
  public Optional<FaultArmed> find(FaultId fault) {
    return Optional.ofNullable(armed.get(fault)).filter(found -> !isUndoAction(fault));
  }

  /** When the injection was sent, if it was. */
  public Optional<Instant> sentAt(FaultId fault) {
    return Optional.ofNullable(sentAt.get(fault));
  }

  public Collection<FaultArmed> inPlace() {
    return inPlace.values();
  }

  public boolean anyIn(ServiceName service) {
    return inPlace.values().stream().anyMatch(fault -> fault.service().equals(service));
  }

  /** Whether the fault injects nothing by design, so that nothing may be excused by it. */
  public static boolean isPlacebo(FaultArmed fault) {
    return fault.kind().equals(FaultKind.PLACEBO);
  }

  private void sent(InjectionSent event) {
    find(event.fault())
        .ifPresent(
            fault -> {
              sentAt.putIfAbsent(event.fault(), event.at());
              inPlace.put(event.fault(), fault);
            });
  }

  /** A start that failed for certain left nothing behind. */
  private void failed(InjectionFailed event) {
    if (!event.ambiguous()) {
      inPlace.remove(event.fault());
    }
  }

  private static boolean isUndoAction(FaultId fault) {
    return UNDO_ACTION.matcher(fault.value()).matches();
  }
}
