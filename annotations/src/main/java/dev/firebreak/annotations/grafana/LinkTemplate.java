package dev.firebreak.annotations.grafana;

import java.net.URI;
import java.net.URISyntaxException;

/**
 * An address in which {@code {run}} and {@code {trace}} stand for a run's ids.
 *
 * @param text with http or https, percent-encoded but for the two placeholders
 */
public record LinkTemplate(String text) {
  /**
   * Checks the text.
   *
   * @throws IllegalArgumentException if it is no such address; the message says what is allowed
   */
  public LinkTemplate {
    if (!allowed(text)) {
      throw new IllegalArgumentException(
          "%s is no address of a link; allowed: http:// or https://, a host, no user, {run} and {trace} as placeholders, all else percent-encoded"
              // What has an @ may hold a password.
              .formatted(text.contains("@") ? "what is set there, with an @," : '"' + text + '"'));
    }
  }

  private static boolean allowed(String text) {
    try {
      URI url = new URI(filled(text, "run", "trace"));
      boolean http = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
      return http && url.getHost() != null && url.getRawUserInfo() == null;
    } catch (URISyntaxException e) {
      return false;
    }
  }

  /** The address for one run. */
  public String of(String run, String trace) {
    return filled(text, run, trace);
  }

  private static String filled(String text, String run, String trace) {
    return text.replace("{run}", run).replace("{trace}", trace);
  }
}
