package dev.firebreak.annotations.grafana;

import dev.firebreak.run.RunId;
import java.util.ArrayList;
import java.util.List;

/**
 * The marks of one run, as they are kept on disk.
 *
 * @param createdAt in milliseconds since 1970
 * @param complete whether the run is over, so that no mark changes any more
 * @param entries in the order in which they are to be sent
 */
record RunMarks(int version, String run, long createdAt, boolean complete, List<Entry> entries) {
  static final int VERSION = 1;

  RunMarks {
    if (version != VERSION) {
      throw new IllegalArgumentException(
          "version %d of the file is unknown, only %d is".formatted(version, VERSION));
    }
    entries = List.copyOf(entries);
  }

  static RunMarks none(RunId run, long createdAt) {
    return new RunMarks(VERSION, run.value(), createdAt, false, List.of());
  }

  /** Replaces what is wanted and keeps how far it got. */
  RunMarks wanting(Mark mark) {
    List<Entry> next = new ArrayList<>(entries);
    int place = place(mark.key());
    if (place < 0) {
      next.add(new Entry(mark, Delivery.UNSENT));
    } else {
      next.set(place, next.get(place).with(mark));
    }
    return new RunMarks(version, run, createdAt, complete, next);
  }

  /** Keeps how far a mark got, also if another text or end is wanted by now. */
  RunMarks delivered(String key, Delivery delivery) {
    List<Entry> next = new ArrayList<>(entries);
    int place = place(key);
    next.set(place, next.get(place).with(delivery));
    return new RunMarks(version, run, createdAt, complete, next);
  }

  RunMarks completed() {
    return new RunMarks(version, run, createdAt, true, entries);
  }

  Entry entry(String key) {
    return entries.get(place(key));
  }

  long unsent() {
    return entries.stream().filter(entry -> !entry.sent()).count();
  }

  boolean allSettled() {
    return entries.stream().allMatch(Entry::settled);
  }

  private int place(String key) {
    for (int i = 0; i < entries.size(); i++) {
      if (entries.get(i).mark().key().equals(key)) {
        return i;
      }
    }
    return -1;
  }
}
