package dev.firebreak.cascade;

/** What a degraded service's degradation means. */
public enum DegradationClass {
  /** Inside: it received the fault. */
  INJECTED,
  /** Declared to feel the fault, and within its bound. */
  EXPECTED,
  /** Outside, or beyond its bound, and tied to the fault. */
  ESCAPED,
  /** Outside, but already bad before, or not tied to the fault. */
  UNRELATED
}
