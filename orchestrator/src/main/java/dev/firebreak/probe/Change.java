package dev.firebreak.probe;

import dev.firebreak.service.ServiceName;

/**
 * A restart or a deploy of a service, as its metrics show it. Says nothing about how the service
 * fares, nor about who did it.
 *
 * @param detail what the metrics said before and say now; a time in it is of the service's own
 *     clock
 */
public record Change(ServiceName service, Kind kind, String detail) {
  /** What was done. */
  public enum Kind {
    /** One of its processes or containers started later than all that were known. */
    RESTART("restarted"),
    /** A version of it runs that did not run before. */
    DEPLOY("was deployed");

    private final String verb;

    Kind(String verb) {
      this.verb = verb;
    }

    /** What happened to the service, such as {@code restarted}. */
    public String verb() {
      return verb;
    }
  }
}
