package dev.firebreak.annotations.silences;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * The silences of one run, as they are kept on disk.
 *
 * @param entries in the order in which they were wanted
 */
record RunSilences(int version, List<Entry> entries) {
  static final int VERSION = 1;

  RunSilences {
    if (version != VERSION) {
      throw new IllegalArgumentException(
          "version %d of the file is unknown, only %d is".formatted(version, VERSION));
    }
    entries = List.copyOf(entries);
  }

  static RunSilences none() {
    return new RunSilences(VERSION, List.of());
  }

  RunSilences and(Entry entry) {
    List<Entry> next = new ArrayList<>(entries);
    next.add(entry);
    return new RunSilences(version, next);
  }

  RunSilences with(int index, Entry entry) {
    List<Entry> next = new ArrayList<>(entries);
    next.set(index, entry);
    return new RunSilences(version, next);
  }

  RunSilences each(UnaryOperator<Entry> change) {
    return new RunSilences(version, entries.stream().map(change).toList());
  }

  boolean over() {
    return entries.stream().allMatch(Entry::over);
  }
}
