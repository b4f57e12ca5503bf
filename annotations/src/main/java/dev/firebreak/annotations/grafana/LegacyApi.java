package dev.firebreak.annotations.grafana;

import com.fasterxml.jackson.annotation.JsonInclude;
import feign.Headers;
import feign.Param;
import feign.RequestLine;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What Firebreak asks of {@code /api/annotations}; its mass-delete is left out on purpose. */
@Headers({"Content-Type: application/json", "Accept: application/json"})
interface LegacyApi {
  @RequestLine("POST /api/annotations")
  Created create(Annotation annotation);

  @RequestLine("PATCH /api/annotations/{id}")
  Answer update(@Param("id") String id, AnnotationStore.Change change);

  @RequestLine("DELETE /api/annotations/{id}")
  Answer delete(@Param("id") String id);

  /**
   * The annotations that overlap the time and have all the tags, the latest first.
   *
   * @param from without it, Grafana ignores {@code to} and reads its whole table; and vice versa
   */
  @RequestLine("GET /api/annotations?from={from}&to={to}&limit={limit}&type=annotation&tags={tags}")
  List<Item> search(
      @Param("from") long from,
      @Param("to") long to,
      @Param("limit") int limit,
      @Param("tags") List<String> tags);

  /**
   * Times in milliseconds since 1970.
   *
   * @param timeEnd null for a point
   * @param dashboardUID null for an annotation of the organisation; one that is unknown may make it
   *     so without a word
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Annotation(
      String text,
      long time,
      @Nullable Long timeEnd,
      List<String> tags,
      @Nullable String dashboardUID,
      @Nullable Long panelId) {}

  /**
   * The answer to a POST.
   *
   * @param id 0 or null where Grafana does not know it yet
   */
  record Created(@Nullable Long id, @Nullable String message) {}

  /** The answer to a PATCH or DELETE. */
  record Answer(@Nullable String message) {}

  /**
   * An annotation as Grafana has it.
   *
   * @param id 0 for what is no annotation of its own
   * @param timeEnd that of a point is its time, or 0
   * @param tags null after a PUT without tags
   */
  record Item(
      long id, long time, long timeEnd, @Nullable String text, @Nullable List<String> tags) {}
}
