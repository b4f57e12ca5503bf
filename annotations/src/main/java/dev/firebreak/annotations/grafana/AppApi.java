package dev.firebreak.annotations.grafana;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import feign.Headers;
import feign.Param;
import feign.RequestLine;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What Firebreak asks of the annotations of Grafana's app platform, an API in the way of
 * Kubernetes. Unknown fields are rejected there.
 */
@Headers("Accept: application/json")
interface AppApi {
  String VERSION = "annotation.grafana.app/v0alpha1";

  /** Says that this Grafana has the API, and what it keeps. */
  @RequestLine("GET /apis/annotation.grafana.app/v0alpha1/")
  Resources resources();

  @Headers("Content-Type: application/json")
  @RequestLine("POST /apis/annotation.grafana.app/v0alpha1/namespaces/{namespace}/annotations")
  Annotation create(@Param("namespace") String namespace, Annotation annotation);

  /** Changes what is named and nothing else. Times cannot be changed. */
  @Headers("Content-Type: application/merge-patch+json")
  @RequestLine(
      "PATCH /apis/annotation.grafana.app/v0alpha1/namespaces/{namespace}/annotations/{name}")
  Object update(@Param("namespace") String namespace, @Param("name") String name, Patch patch);

  @RequestLine(
      "DELETE /apis/annotation.grafana.app/v0alpha1/namespaces/{namespace}/annotations/{name}")
  void delete(@Param("namespace") String namespace, @Param("name") String name);

  /**
   * The annotations that overlap the time and have all the tags, as they are written.
   *
   * @param more the token of the page before, which is good for the same limit alone; null for the
   *     first page. A page may be short: what the token may not see is left out
   */
  @RequestLine(
      "GET /apis/annotation.grafana.app/v0alpha1/namespaces/{namespace}/search"
          + "?from={from}&to={to}&limit={limit}&tag={tags}&continue={more}")
  Page search(
      @Param("namespace") String namespace,
      @Param("from") long from,
      @Param("to") long to,
      @Param("limit") int limit,
      @Param("tags") List<String> tags,
      @Param("more") @Nullable String more);

  /** What an API group has; null lists are those of a server that is no Grafana. */
  record Resources(@Nullable List<Resource> resources) {
    boolean has(String name) {
      return resources != null && resources.stream().anyMatch(known -> name.equals(known.name()));
    }
  }

  /** One kind of things, by its name in paths. */
  record Resource(@Nullable String name) {}

  /** A page of what was found. */
  record Page(@Nullable PageMetadata metadata, @Nullable List<Annotation> items) {}

  /**
   * What a page says of itself.
   *
   * @param more null or empty on the last page
   */
  record PageMetadata(@JsonProperty("continue") @Nullable String more) {}

  /** An annotation. */
  record Annotation(
      @Nullable String apiVersion,
      @Nullable String kind,
      @Nullable Metadata metadata,
      @Nullable Spec spec) {}

  /** What names an annotation within an organisation. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Metadata(@Nullable String name, @Nullable String namespace) {}

  /**
   * What an annotation says; times in milliseconds since 1970.
   *
   * @param timeEnd null for a point
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Spec(
      @Nullable String text,
      long time,
      @Nullable Long timeEnd,
      @Nullable String dashboardUID,
      @Nullable Long panelID,
      @Nullable List<String> tags) {}

  /** A new text. */
  record Patch(NewText spec) {}

  /** The one field of an annotation that is ever changed. */
  record NewText(String text) {}
}
