package dev.firebreak.annotations;

import dev.firebreak.run.RunEvent;
import dev.firebreak.run.RunListener;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/** Hands each event to the method that is for its type; others are passed over. */
public final class EventHandlers implements RunListener {
  private final Map<Class<?>, Consumer<RunEvent>> handlers = new HashMap<>();

  /** Events of exactly {@code type} go to {@code handler}, which replaces the one before. */
  public <E extends RunEvent> EventHandlers handle(Class<E> type, Consumer<? super E> handler) {
    handlers.put(type, event -> handler.accept(type.cast(event)));
    return this;
  }

  @Override
  public void on(RunEvent event) {
    Consumer<RunEvent> handler = handlers.get(event.getClass());
    if (handler != null) {
      handler.accept(event);
    }
  }
}
