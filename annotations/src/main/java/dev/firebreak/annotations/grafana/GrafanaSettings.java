package dev.firebreak.annotations.grafana;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Which Grafana, and as whom.
 *
 * @param url with any path prefix, without {@code /api}
 * @param token of a service account; a secret, never printed
 * @param organisation only for a token's user in several organisations
 * @param readTimeout for each answer
 * @param place where marks are shown; without it in every dashboard that asks for their tags
 * @param api by which of its APIs
 */
public record GrafanaSettings(
    URI url,
    String token,
    OptionalLong organisation,
    Duration readTimeout,
    Optional<DashboardPlace> place,
    AnnotationApi api) {
  public static final Duration DEFAULT_READ_TIMEOUT = Duration.ofSeconds(5);

  public GrafanaSettings {
    String scheme = String.valueOf(url.getScheme());
    if (!(scheme.equals("http") || scheme.equals("https")) || url.getHost() == null) {
      throw new IllegalArgumentException(
          "the Grafana URL " + withoutSecrets(url) + " is not of the form http(s)://host[:port]");
    }
    if (url.getRawUserInfo() != null || url.getRawQuery() != null || url.getRawFragment() != null) {
      throw new IllegalArgumentException(
          "the Grafana URL "
              + withoutSecrets(url)
              + " has a user, a query or a fragment; only a path is allowed");
    }
    if (token.isBlank() || !token.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
      throw new IllegalArgumentException(
          "the Grafana token is empty or has characters that a token cannot have");
    }
    if (readTimeout.isNegative() || readTimeout.isZero()) {
      throw new IllegalArgumentException("the read timeout " + readTimeout + " is not above zero");
    }
  }

  public static GrafanaSettings of(URI url, String token) {
    return new GrafanaSettings(
        url,
        token,
        OptionalLong.empty(),
        DEFAULT_READ_TIMEOUT,
        Optional.empty(),
        AnnotationApi.AUTO);
  }

  /** The same Grafana, with marks on one dashboard if {@code newPlace} names one. */
  public GrafanaSettings at(Optional<DashboardPlace> newPlace) {
    return new GrafanaSettings(url, token, organisation, readTimeout, newPlace, api);
  }

  /** The same Grafana by another API. */
  public GrafanaSettings by(AnnotationApi newApi) {
    return new GrafanaSettings(url, token, organisation, readTimeout, place, newApi);
  }

  /** Without a slash at the end. */
  String base() {
    return url.toString().replaceAll("/+$", "");
  }

  @Override
  public String toString() {
    return "GrafanaSettings[" + url + "]";
  }

  private static String withoutSecrets(URI url) {
    return url.toString().replaceAll("//[^/@]*@", "//…@").replaceAll("[?#].*", "…");
  }
}
