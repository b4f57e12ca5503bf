package dev.firebreak.app.gameday;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/** Finds the known word that somebody probably meant. */
final class Nearest {
  /** Longer words are not typed by hand, and the distance takes quadratic time. */
  private static final int LONGEST = 80;

  private Nearest() {}

  /** {@code " (did you mean x?)"}, or nothing. */
  static String hint(String word, Collection<String> known) {
    return to(word, known).map(Nearest::hint).orElse("");
  }

  static String hint(String meant) {
    return " (did you mean " + meant + "?)";
  }

  /** The known word with the fewest edits, if they are at most a third of its letters. */
  static Optional<String> to(String word, Collection<String> known) {
    if (word.length() > LONGEST) {
      return Optional.empty();
    }
    String nearest = "";
    int fewest = Integer.MAX_VALUE;
    for (String candidate : known) {
      int edits = edits(plain(word), plain(candidate));
      if (edits < fewest && edits <= Math.max(1, candidate.length() / 3)) {
        nearest = candidate;
        fewest = edits;
      }
    }
    return nearest.isEmpty() ? Optional.empty() : Optional.of(nearest);
  }

  /** {@code blastRadius}, {@code blast_radius} and {@code blast-radius} are the same to people. */
  private static String plain(String word) {
    return word.toLowerCase(Locale.ROOT).replace("-", "").replace("_", "").replace(" ", "");
  }

  /**
   * Optimal string alignment distance: insertions, deletions, substitutions and swaps of neighbours
   * (Boytsov, "Indexing methods for approximate dictionary searching", 2011, section 2.1).
   */
  static int edits(String from, String to) {
    int[] beforeLast = new int[to.length() + 1];
    int[] last = new int[to.length() + 1];
    int[] row = new int[to.length() + 1];
    for (int j = 0; j <= to.length(); j++) {
      last[j] = j;
    }
    for (int i = 1; i <= from.length(); i++) {
      row[0] = i;
      for (int j = 1; j <= to.length(); j++) {
        int change = from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1;
        row[j] = Math.min(Math.min(row[j - 1], last[j]) + 1, last[j - 1] + change);
        if (i > 1
            && j > 1
            && from.charAt(i - 1) == to.charAt(j - 2)
            && from.charAt(i - 2) == to.charAt(j - 1)) {
          row[j] = Math.min(row[j], beforeLast[j - 2] + 1);
        }
      }
      int[] free = beforeLast;
      beforeLast = last;
      last = row;
      row = free;
    }
    return last[to.length()];
  }
}
