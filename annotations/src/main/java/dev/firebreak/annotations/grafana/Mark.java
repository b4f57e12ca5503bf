package dev.firebreak.annotations.grafana;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is to be seen in Grafana.
 *
 * @param key names it within its run, the same whenever it is made from the same events
 * @param time in milliseconds since 1970
 * @param timeEnd null for a point, and for a region that is not over
 * @param withdrawn whether it must not be there any more
 */
record Mark(
    String key,
    long time,
    @Nullable Long timeEnd,
    String text,
    List<String> tags,
    boolean withdrawn) {
  /** 2001; what is before was given in seconds, which Grafana takes without a word. */
  private static final long EARLIEST = 1_000_000_000_000L;

  private static final int NAME_BYTES = 12;

  Mark {
    if (time < EARLIEST) {
      throw new IllegalArgumentException(time + " are not milliseconds since 1970");
    }
    if (timeEnd != null && timeEnd <= time) {
      throw new IllegalArgumentException("the mark " + key + " ends before it begins");
    }
    if (text.isBlank()) {
      throw new IllegalArgumentException("the mark " + key + " has no text");
    }
    tags = List.copyOf(tags);
  }

  static Mark point(String key, long time, String text, List<String> tags) {
    return new Mark(key, time, null, text, tags, false);
  }

  /** A region's clocks may disagree; one that ends with its start would be a point. */
  Mark endingAt(long end) {
    return new Mark(key, time, Math.max(end, time + 1), text, tags, withdrawn);
  }

  Mark saying(String newText) {
    return new Mark(key, time, timeEnd, newText, tags, withdrawn);
  }

  Mark asWithdrawn() {
    return new Mark(key, time, timeEnd, text, tags, true);
  }

  /**
   * Its name in Grafana, where names are kept: the same whenever it is made from the same events,
   * so that whoever makes it again finds it taken.
   *
   * @param rebuilds a name that was deleted is taken for ever, so that the next one needs another
   */
  String name(int rebuilds) {
    return "firebreak-" + Tags.hash(identity() + " " + rebuilds, NAME_BYTES);
  }

  /** The tags by which it is found. */
  @JsonIgnore
  List<String> identity() {
    return Tags.identity(tags);
  }
}
