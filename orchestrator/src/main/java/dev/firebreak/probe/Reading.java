package dev.firebreak.probe;

import dev.firebreak.service.ServiceName;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * What one look at the source gave.
 *
 * @param at the time of the look by the source's own clock
 * @param samples the evidence; a series without a fresh, finite, unambiguous value is left out
 * @param unseen services that should have answered and did not, each with the reason
 * @param warnings what else the source said, such as a partial answer
 * @param changes restarts and deploys that show since the look before; none of a service that is
 *     seen for the first time
 */
public record Reading(
    Instant at,
    List<Sample> samples,
    Map<ServiceName, String> unseen,
    List<String> warnings,
    List<Change> changes) {
  /**
   * One value.
   *
   * @param value finite, in the signal's base unit
   */
  public record Sample(SeriesId series, double value) {
    public Sample {
      if (!Double.isFinite(value)) {
        throw new IllegalArgumentException("the sample of " + series + " is " + value);
      }
    }
  }

  public Reading {
    samples = List.copyOf(samples);
    unseen = Map.copyOf(unseen);
    warnings = List.copyOf(warnings);
    changes = List.copyOf(changes);
  }

  /** A look that showed no change. */
  public Reading(
      Instant at, List<Sample> samples, Map<ServiceName, String> unseen, List<String> warnings) {
    this(at, samples, unseen, warnings, List.of());
  }
}
