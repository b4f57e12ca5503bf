package dev.firebreak.app.run;

import dev.firebreak.run.Admission;
import java.util.List;
import java.util.Optional;

/** Decides which runs may start on this machine, and whether all have to halt. */
public interface Gates {
  /** What one run is asked; keeps the run's targets its own until it is closed. */
  interface Gate extends Admission, AutoCloseable {
    @Override
    void close();
  }

  /**
   * The gate of one run.
   *
   * @param leftovers why no run may start at all, as the recovery says
   */
  Gate gate(List<String> leftovers);

  /** Why every run has to halt; empty while none has to. Asked several times a second. */
  Optional<String> stopped();
}
