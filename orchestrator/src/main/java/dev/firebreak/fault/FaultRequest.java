package dev.firebreak.fault;

import dev.firebreak.service.ServiceName;
import java.time.Duration;
import java.util.Map;

/**
 * The fault that a file asks for, not yet resolved. Objects in the file are flattened: {@code do:
 * {method: POST}} is the parameter {@code do.method}.
 *
 * @param service the service that receives it
 * @param target where to reach it, as the injector's {@link FaultDescription#target()} names it
 * @param with parameters, as the injector's {@link FaultDescription#with()} names them
 * @param duration how long it lasts unless something halts the run
 */
public record FaultRequest(
    FaultKind kind,
    ServiceName service,
    Map<String, String> target,
    Map<String, String> with,
    Duration duration) {
  public FaultRequest {
    target = Map.copyOf(target);
    with = Map.copyOf(with);
    if (duration.isNegative()) {
      throw new IllegalArgumentException("the duration " + duration + " is negative");
    }
  }
}
