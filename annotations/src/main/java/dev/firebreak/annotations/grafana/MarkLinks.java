package dev.firebreak.annotations.grafana;

import java.util.Optional;

/**
 * Where the texts of marks lead.
 *
 * @param report to the run's report
 * @param trace to the run's trace
 */
public record MarkLinks(Optional<LinkTemplate> report, Optional<LinkTemplate> trace) {
  /** Nowhere. */
  public static MarkLinks none() {
    return new MarkLinks(Optional.empty(), Optional.empty());
  }
}
