package dev.firebreak.annotations.silences;

import dev.firebreak.annotations.silences.AlertmanagerApi.Match;
import dev.firebreak.annotations.silences.AlertmanagerApi.Silence;
import java.util.HashSet;
import java.util.List;

/**
 * The silence that one service of one run is to have.
 *
 * @param key tells it from the others of the run
 * @param matchers all of them must hold; the first names the service
 * @param endsAt in milliseconds since 1970; whatever happens, it ends then
 * @param mark is part of the comment and of no other run's
 */
record SilenceWish(String key, List<Match> matchers, long endsAt, String mark, String comment) {
  SilenceWish {
    matchers = List.copyOf(matchers);
    if (matchers.isEmpty() || matchers.get(0).value().isEmpty()) {
      // It would silence whatever has no such label.
      throw new IllegalArgumentException("a silence without a service would silence too much");
    }
    if (!comment.contains(mark)) {
      throw new IllegalArgumentException("the comment does not contain " + mark);
    }
  }

  /** As Alertmanager's search wants it. */
  String filter() {
    Match first = matchers.get(0);
    String value = first.value().replace("\\", "\\\\").replace("\"", "\\\"");
    return first.name() + "=\"" + value + "\"";
  }

  /** Whether the silence was made for this wish, by whichever process. */
  boolean isOf(Silence found) {
    return AlertmanagerClient.CREATOR.equals(found.createdBy())
        && String.valueOf(found.comment()).contains(mark)
        && new HashSet<>(found.matchers()).equals(new HashSet<>(matchers));
  }
}
