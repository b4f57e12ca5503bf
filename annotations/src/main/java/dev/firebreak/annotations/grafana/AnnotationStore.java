package dev.firebreak.annotations.grafana;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where one Grafana keeps annotations: the port to its two APIs. Every call blocks for a few
 * seconds at most and throws {@link GrafanaException}. There is no mass-delete here: given zeros it
 * wipes every annotation of the organisation.
 */
interface AnnotationStore {
  /** Which API, for people. */
  String title();

  /** Whether an annotation can get another end; if not, it has to be deleted and made anew. */
  boolean movesEnds();

  /**
   * Makes an annotation.
   *
   * @return its id, which need not be the name; empty if it is stored under an id that is not told
   * @throws GrafanaException {@code TAKEN} if there is, or was, one of that name: never by a store
   *     that does not keep names
   */
  Optional<String> create(NewAnnotation annotation);

  /** Changes the text, and the end where {@link #movesEnds ends move}. */
  void update(String id, Change change);

  void delete(String id);

  /** The annotations that have all of {@code tags} and overlap the time, both ends included. */
  List<Found> search(long fromMillis, long toMillis, List<String> tags);

  /**
   * What is to be made; times in milliseconds since 1970.
   *
   * @param name lower-case letters, digits and dashes: the same for the same annotation
   * @param timeEnd null for a point
   */
  record NewAnnotation(
      String name, String text, long time, @Nullable Long timeEnd, List<String> tags) {
    public NewAnnotation {
      tags = List.copyOf(tags);
    }
  }

  /**
   * What is to be changed. Tags are not here: Grafana would replace the whole list.
   *
   * @param timeEnd null leaves it as it is
   */
  record Change(String text, @Nullable Long timeEnd) {}

  /**
   * An annotation as Grafana has it.
   *
   * @param id of it alone, as long as it is there
   * @param timeEnd that of a point is its time, or 0
   */
  record Found(String id, long time, long timeEnd, String text, List<String> tags) {
    public Found {
      tags = List.copyOf(tags);
    }

    boolean carries(List<String> wanted) {
      return tags.containsAll(wanted);
    }

    boolean isRegion() {
      return timeEnd > time;
    }
  }
}
