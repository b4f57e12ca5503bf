package dev.firebreak.annotations.grafana;

import java.util.Locale;

/** What a mark says about the run. */
enum Role {
  /** A region: a fault is, or may be, in place in the service. */
  INJECTED,
  /** A point: the service degraded outside the radius. */
  ESCAPED,
  /** A point: the run was ended early. */
  HALT,
  /** A point: the removal of the service's faults began. */
  ROLLBACK;

  String tag() {
    return name().toLowerCase(Locale.ROOT);
  }
}
