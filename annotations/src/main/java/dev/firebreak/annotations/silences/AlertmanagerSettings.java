package dev.firebreak.annotations.silences;

import java.net.URI;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Which Alertmanager, as whom, and by which labels it knows a service.
 *
 * @param url with any path prefix, without {@code /api}
 * @param token sent as a bearer token; a secret, never printed
 * @param serviceLabel the label of alerts that names the service
 * @param environmentLabel the label that names the environment, for an Alertmanager that has the
 *     alerts of several
 */
public record AlertmanagerSettings(
    URI url, Optional<String> token, String serviceLabel, Optional<String> environmentLabel) {
  public static final String DEFAULT_SERVICE_LABEL = "service";

  private static final Pattern LABEL = Pattern.compile("[a-zA-Z_][a-zA-Z0-9_]*");

  /**
   * Checks all of them.
   *
   * @throws IllegalArgumentException if one is not allowed; the message has no secrets
   */
  public AlertmanagerSettings {
    String scheme = String.valueOf(url.getScheme());
    boolean plain =
        url.getRawUserInfo() == null && url.getRawQuery() == null && url.getRawFragment() == null;
    if (!(scheme.equals("http") || scheme.equals("https")) || url.getHost() == null || !plain) {
      throw new IllegalArgumentException(
          "the Alertmanager's URL is not of the form http(s)://host[:port][/path]; a user, a query"
              + " or a fragment is not allowed");
    }
    if (token.isPresent() && !token.get().matches("[!-~]+")) {
      throw new IllegalArgumentException(
          "the Alertmanager's token is empty or has characters that a token cannot have");
    }
    checkLabel(serviceLabel);
    environmentLabel.ifPresent(AlertmanagerSettings::checkLabel);
    if (environmentLabel.isPresent() && environmentLabel.get().equals(serviceLabel)) {
      throw new IllegalArgumentException(
          "the label \"%s\" cannot name both the service and the environment"
              .formatted(serviceLabel));
    }
  }

  private static void checkLabel(String label) {
    if (!LABEL.matcher(label).matches()) {
      throw new IllegalArgumentException(
          "\"%s\" is no name of a label; allowed: letters, digits and _, no digit first"
              .formatted(label));
    }
  }

  /** Without a token, services in the label {@code service}. */
  public static AlertmanagerSettings of(URI url) {
    return new AlertmanagerSettings(url, Optional.empty(), DEFAULT_SERVICE_LABEL, Optional.empty());
  }

  /** Without a slash at the end. */
  String base() {
    return url.toString().replaceAll("/+$", "");
  }

  @Override
  public String toString() {
    return "AlertmanagerSettings[" + url + "]";
  }
}
