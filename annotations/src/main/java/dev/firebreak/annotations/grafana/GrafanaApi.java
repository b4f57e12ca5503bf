package dev.firebreak.annotations.grafana;

import feign.Headers;
import feign.Param;
import feign.RequestLine;
import org.jspecify.annotations.Nullable;

/** What Firebreak asks of Grafana besides annotations. */
@Headers("Accept: application/json")
interface GrafanaApi {
  /** Answers without a token too. */
  @RequestLine("GET /api/health")
  Health health();

  /** Says that the dashboard is there, and that the token may see it. */
  @RequestLine("GET /api/dashboards/uid/{uid}")
  Dashboard dashboard(@Param("uid") String uid);

  /** What Grafana's own pages start with. */
  @RequestLine("GET /api/frontend/settings")
  FrontendSettings frontendSettings();

  /** The organisation of the token. */
  @RequestLine("GET /api/org")
  Organisation organisation();

  /**
   * What Grafana says of itself.
   *
   * @param version null where it is hidden
   */
  record Health(@Nullable String database, @Nullable String version) {}

  /** As much of a dashboard as anybody here wants to know. */
  record Dashboard(@Nullable Object meta) {}

  /**
   * As much of the settings as anybody here wants to know.
   *
   * @param namespace of the organisation on the app platform; null in old versions
   */
  record FrontendSettings(@Nullable String namespace) {}

  /** An organisation by its number. */
  record Organisation(long id) {}
}
