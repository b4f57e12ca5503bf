package dev.firebreak.injector.http;

import dev.firebreak.injector.http.HttpCalls.Answer;
import java.util.Map;
import java.util.Optional;

/** What an answer must look like to mean something: all that is given must hold. */
record Sign(Optional<Statuses> status, Optional<String> contains) {
  /** Empty if the file gives neither word. */
  static Optional<Sign> read(String prefix, Map<String, String> words) {
    Optional<Statuses> status =
        Optional.ofNullable(words.get(prefix + ".status"))
            .map(text -> Statuses.parse(prefix + ".status", text));
    Optional<String> contains = Optional.ofNullable(words.get(prefix + ".contains"));
    if (contains.filter(String::isBlank).isPresent()) {
      throw new IllegalArgumentException(
          prefix + ".contains is empty, which every answer contains; give some text");
    }
    return status.isEmpty() && contains.isEmpty()
        ? Optional.empty()
        : Optional.of(new Sign(status, contains));
  }

  boolean matches(Answer answer) {
    return status.map(codes -> codes.contain(answer.status())).orElse(true)
        && contains.map(text -> answer.body().contains(text)).orElse(true);
  }

  @Override
  public String toString() {
    return status.map(codes -> "status " + codes).orElse("any status")
        + contains.map(text -> " and \"" + text + "\" in the body").orElse("");
  }
}
