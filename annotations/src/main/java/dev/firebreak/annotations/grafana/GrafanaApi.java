package dev.firebreak.annotations.grafana;

import com.fasterxml.jackson.annotation.JsonInclude;
import feign.Headers;
import feign.Param;
import feign.RequestLine;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What Firebreak asks of Grafana's annotations API. There is no mass-delete here: given zeros it
 * wipes every annotation of the organisation.
 */
@Headers({"Content-Type: application/json", "Accept: application/json"})
interface GrafanaApi {
  @RequestLine("POST /api/annotations")
  Created create(NewAnnotation annotation);

  @RequestLine("PATCH /api/annotations/{id}")
  Answer update(@Param("id") long id, Change change);

  @RequestLine("DELETE /api/annotations/{id}")
  Answer delete(@Param("id") long id);

  /**
   * The annotations that overlap the time and have all the tags, the latest first.
   *
   * @param from without it, Grafana ignores {@code to} and reads its whole table; and vice versa
   */
  @RequestLine("GET /api/annotations?from={from}&to={to}&limit={limit}&type=annotation&tags={tags}")
  List<Found> search(
      @Param("from") long from,
      @Param("to") long to,
      @Param("limit") int limit,
      @Param("tags") List<String> tags);

  /** Answers without a token too. */
  @RequestLine("GET /api/health")
  Health health();

  /** Says that the dashboard is there, and that the token may see it. */
  @RequestLine("GET /api/dashboards/uid/{uid}")
  Dashboard dashboard(@Param("uid") String uid);

  /**
   * Times in milliseconds since 1970.
   *
   * @param timeEnd null for a point
   * @param dashboardUID null for an annotation of the organisation; one that is unknown may make it
   *     so without a word
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record NewAnnotation(
      String text,
      long time,
      @Nullable Long timeEnd,
      List<String> tags,
      @Nullable String dashboardUID,
      @Nullable Long panelId) {
    NewAnnotation(String text, long time, @Nullable Long timeEnd, List<String> tags) {
      this(text, time, timeEnd, tags, null, null);
    }

    NewAnnotation at(DashboardPlace place) {
      Long panel = place.panel().isPresent() ? place.panel().getAsLong() : null;
      return new NewAnnotation(text, time, timeEnd, tags, place.uid(), panel);
    }
  }

  /**
   * What Grafana says of itself.
   *
   * @param version null where it is hidden
   */
  record Health(@Nullable String database, @Nullable String version) {}

  /** As much of a dashboard as anybody here wants to know. */
  record Dashboard(@Nullable Object meta) {}

  /** What is null stays as it is. Tags are not here: a PATCH would replace the whole list. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Change(String text, @Nullable Long timeEnd) {}

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
   * @param timeEnd that of a point is its time, or 0
   * @param tags null after a PUT without tags
   */
  record Found(
      long id, long time, long timeEnd, @Nullable String text, @Nullable List<String> tags) {
    boolean carries(List<String> wanted) {
      return tags != null && tags.containsAll(wanted);
    }

    boolean isRegion() {
      return timeEnd > time;
    }
  }
}
