package dev.firebreak.probes.prometheus;

import dev.firebreak.probes.signal.Labels;
import java.util.Arrays;

/**
 * The labels of the last answer to a question, row by row. The next answer to it most likely has
 * the same ones in the same order, and they need not be made again. Used by one thread at a time.
 */
final class LabelMemory {
  private Labels[] rows = {};
  private int next;

  /** Another answer begins. */
  void rewind() {
    next = 0;
  }

  /**
   * The labels of the next row, whose only label is {@code name} with the value in {@code text}.
   */
  Labels only(String name, char[] text, int from, int length) {
    if (next == rows.length) {
      rows = Arrays.copyOf(rows, 2 * next + 16);
    }
    Labels before = rows[next];
    if (before == null || !before.isOnly(name, text, from, length)) {
      before = Labels.of(name, new String(text, from, length));
      rows[next] = before;
    }
    next++;
    return before;
  }
}
