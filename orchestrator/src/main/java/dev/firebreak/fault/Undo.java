package dev.firebreak.fault;

import java.util.Map;

/**
 * All that is needed to roll a fault back, from any process, at any time: typed data that only the
 * injector of {@code kind} can read, never code. On disk before the fault starts.
 *
 * @param data the exact resolved parameters and the state to restore; holds no secrets
 */
public record Undo(FaultId id, FaultKind kind, Map<String, String> data) {
  public Undo {
    data = Map.copyOf(data);
  }

  /**
   * The value under {@code key}.
   *
   * @throws RollbackException if the record lacks it, which only a damaged or foreign record does
   */
  public String require(String key) throws RollbackException {
    String value = data.get(key);
    if (value == null) {
      throw new RollbackException("the undo record of " + id + " lacks " + key);
    }
    return value;
  }
}
