package dev.firebreak.probes.signal;

import dev.firebreak.service.ServiceName;
import java.util.Optional;

/** Service names out of label values, which may be anything. */
public final class ServiceLabel {
  private ServiceLabel() {}

  /** The service that a label's value names; empty if it cannot be a name. */
  public static Optional<ServiceName> read(String value) {
    try {
      return Optional.of(ServiceName.of(value));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
