package dev.firebreak.probe;

import dev.firebreak.service.CallGraph;
import java.time.Instant;
import java.util.List;

/**
 * Looks at a system that lie in the past.
 *
 * @param series the order in which each look lists values
 * @param callGraph the edges that the metrics themselves show, as of now
 * @param looks oldest first, a step apart
 */
public record History(List<SeriesId> series, CallGraph callGraph, List<Look> looks) {
  public History {
    series = List.copyOf(series);
    looks = List.copyOf(looks);
  }

  /** One look: compact, since a week has many. Whoever has it owns its values. */
  public static final class Look {
    private final Instant at;
    private final double[] values;

    /**
     * A look.
     *
     * @param values in the order of the series, NaN where there was no evidence; not copied
     */
    public Look(Instant at, double[] values) {
      this.at = at;
      this.values = values;
    }

    public Instant at() {
      return at;
    }

    public double[] values() {
      return values;
    }

    /** Whether there was evidence of anything. */
    public boolean hasEvidence() {
      for (double value : values) {
        if (Double.isFinite(value)) {
          return true;
        }
      }
      return false;
    }
  }
}
