package dev.firebreak.app.gameday;

import java.util.Optional;

/**
 * Where a file's {@code {env: NAME}} is looked up. To check a file on a machine that does not have
 * its secrets, answer every name with some text.
 */
@FunctionalInterface
public interface Environment {

  Optional<String> find(String variable);
}
