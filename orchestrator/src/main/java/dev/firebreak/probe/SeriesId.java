package dev.firebreak.probe;

import dev.firebreak.service.ServiceName;
import java.util.Comparator;

/** One signal of one service. */
public record SeriesId(ServiceName service, Signal signal) implements Comparable<SeriesId> {
  private static final Comparator<SeriesId> ORDER =
      Comparator.comparing(SeriesId::service).thenComparing(SeriesId::signal);

  @Override
  public int compareTo(SeriesId other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return service + " " + signal;
  }
}
