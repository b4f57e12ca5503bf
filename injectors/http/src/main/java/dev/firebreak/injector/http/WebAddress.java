package dev.firebreak.injector.http;

import java.net.URI;
import java.net.URISyntaxException;

/** Reads addresses as files give them. */
public final class WebAddress {
  private WebAddress() {}

  /**
   * An absolute http or https address without user and password, which would end up in logs.
   *
   * @throws IllegalArgumentException naming {@code word}, the value and what is allowed
   */
  public static URI parse(String word, String text) {
    URI address;
    try {
      address = new URI(text);
    } catch (URISyntaxException e) {
      throw refused(word, text, e.getReason());
    }
    String scheme = String.valueOf(address.getScheme());
    if (!scheme.equals("http") && !scheme.equals("https")) {
      throw refused(word, text, "the scheme is neither http nor https");
    }
    if (address.getHost() == null) {
      throw refused(word, text, "it names no host");
    }
    if (address.getUserInfo() != null) {
      throw refused(word, address.getHost(), "it holds a user; send credentials by headersFrom");
    }
    return address;
  }

  private static IllegalArgumentException refused(String word, String text, String why) {
    return new IllegalArgumentException(
        "%s is \"%s\": %s; allowed is an absolute address such as http://localhost:8080"
            .formatted(word, text, why));
  }
}
