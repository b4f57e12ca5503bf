package dev.firebreak.probes.http;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/**
 * Where to ask. A user and password in a URL become a header and are never printed.
 *
 * @param url without them
 * @param authorization the value of the header, a secret
 */
public record Address(URI url, Optional<String> authorization) {
  /**
   * Takes the user out of a URL.
   *
   * @throws IllegalArgumentException if {@code url} is not an absolute http or https URL with a
   *     host
   */
  public static Address of(URI url) {
    String scheme = String.valueOf(url.getScheme());
    if ((!scheme.equals("http") && !scheme.equals("https")) || url.getHost() == null) {
      throw new IllegalArgumentException(
          "\"%s\" is no http or https URL with a host".formatted(withoutUser(url)));
    }
    Optional<String> authorization =
        Optional.ofNullable(url.getUserInfo())
            .map(user -> user.getBytes(StandardCharsets.UTF_8))
            .map(user -> "Basic " + Base64.getEncoder().encodeToString(user));
    return new Address(withoutUser(url), authorization);
  }

  private static URI withoutUser(URI url) {
    if (url.getRawUserInfo() == null) {
      return url;
    }
    try {
      return new URI(
          url.getScheme(), null, url.getHost(), url.getPort(), url.getPath(), url.getQuery(), null);
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException("a URL with a user cannot be read", e);
    }
  }

  /** Host and port, which name a target that has no other name. */
  public String hostAndPort() {
    return url.getPort() < 0 ? url.getHost() : url.getHost() + ":" + url.getPort();
  }

  @Override
  public String toString() {
    return url.toString();
  }
}
