package dev.firebreak.injector.chaosmonkey;

import dev.firebreak.injector.http.WebAddress;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Where one instance of a service is.
 *
 * @param endpoint of Chaos Monkey
 * @param canary an address of the service that the fault hits
 * @param headersFrom the environment variable with headers for the endpoint; may be empty
 */
record Target(URI endpoint, Optional<URI> canary, String headersFrom) {
  /**
   * Reads the words of a file, or those that {@link #toWords} wrote.
   *
   * @throws IllegalArgumentException saying what is missing or allowed
   */
  static Target read(Map<String, String> words) {
    String url = words.get("url");
    if (url == null) {
      throw new IllegalArgumentException(
          "target.url is missing: give the address of the service, such as http://localhost:8084");
    }
    URI service = WebAddress.parse("target.url", url);
    URI actuator =
        words.containsKey("actuator")
            ? WebAddress.parse("target.actuator", words.getOrDefault("actuator", ""))
            : service;
    return new Target(
        endpoint(actuator),
        Optional.ofNullable(words.get("canary")).map(text -> canary(service, text)),
        words.getOrDefault("headersFrom", ""));
  }

  private static URI endpoint(URI given) {
    if (given.getQuery() != null || given.getFragment() != null) {
      throw new IllegalArgumentException(
          "the address of the actuator is " + given + "; allowed is one without ? and #");
    }
    String base = given.toString().replaceAll("/+$", "");
    if (base.endsWith("/chaosmonkey")) {
      return URI.create(base);
    }
    return URI.create(base + (base.endsWith("/actuator") ? "" : "/actuator") + "/chaosmonkey");
  }

  private static URI canary(URI service, String text) {
    if (text.startsWith("/") && !text.startsWith("//")) {
      String path = service.getScheme() + "://" + service.getRawAuthority() + text;
      return WebAddress.parse("target.canary", path);
    }
    return WebAddress.parse("target.canary", text);
  }

  /** For plans and undo records. */
  Map<String, String> toWords() {
    Map<String, String> words = new TreeMap<>();
    words.put("url", endpoint.toString());
    canary.ifPresent(address -> words.put("canary", address.toString()));
    if (!headersFrom.isEmpty()) {
      words.put("headersFrom", headersFrom);
    }
    return words;
  }
}
