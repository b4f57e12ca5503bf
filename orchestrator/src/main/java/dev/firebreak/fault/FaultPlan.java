package dev.firebreak.fault;

import java.util.Map;

/**
 * A fault with everything resolved that can be resolved without touching the target.
 *
 * @param target the target's identity in one phrase, such as {@code pid 4711 started 09:12:03}
 * @param resolved what the injector needs to start it, as typed data, never code
 */
public record FaultPlan(
    FaultId id, FaultRequest request, String target, Map<String, String> resolved) {
  public FaultPlan {
    resolved = Map.copyOf(resolved);
  }
}
