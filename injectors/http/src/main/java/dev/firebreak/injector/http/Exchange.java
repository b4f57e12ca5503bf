package dev.firebreak.injector.http;

import dev.firebreak.injector.http.HttpCalls.Call;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A declared request and the answer it should get.
 *
 * @param headersFrom the environment variable with further headers; empty if there is none
 */
record Exchange(
    String word,
    String method,
    URI url,
    Map<String, String> headers,
    String headersFrom,
    String body,
    Statuses expect) {

  /**
   * Reads the words that begin with {@code word}.
   *
   * @throws IllegalArgumentException if one is missing or not allowed
   */
  static Exchange read(String word, String defaultMethod, Map<String, String> words) {
    URI url =
        Optional.ofNullable(words.get(word + ".url"))
            .map(text -> WebAddress.parse(word + ".url", text))
            .orElseThrow(() -> new IllegalArgumentException(word + ".url is missing"));
    return new Exchange(
        word,
        words.getOrDefault(word + ".method", defaultMethod),
        url,
        Headers.read(word + ".headers", words),
        words.getOrDefault(word + ".headersFrom", ""),
        words.getOrDefault(word + ".body", ""),
        Statuses.parse(word + ".expect", words.getOrDefault(word + ".expect", "2xx")));
  }

  /**
   * The request with its secrets.
   *
   * @param key lets a server that knows idempotency keys see that a repeated request is the same
   */
  Call call(String key, UnaryOperator<@Nullable String> environment) {
    Map<String, String> all = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    all.put("Idempotency-Key", key + "-" + word);
    all.putAll(headers);
    all.putAll(Headers.fromEnvironment(word + ".headersFrom", headersFrom, environment));
    return new Call(method, url, all, body);
  }

  @Override
  public String toString() {
    return method + " " + url;
  }
}
