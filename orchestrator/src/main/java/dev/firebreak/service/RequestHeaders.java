package dev.firebreak.service;

import java.net.URI;
import java.util.Map;

/**
 * What Firebreak's requests to other services say of the run that they belong to. For any thread;
 * returns at once and throws nothing.
 */
@FunctionalInterface
public interface RequestHeaders {
  /** The headers, by name, of a request to {@code address}. */
  Map<String, String> to(URI address);

  /** Says nothing. */
  static RequestHeaders none() {
    return address -> Map.of();
  }
}
