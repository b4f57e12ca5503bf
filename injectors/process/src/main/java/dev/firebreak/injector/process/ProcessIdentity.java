package dev.firebreak.injector.process;

import java.util.Map;

/**
 * One process for ever. Pids are used again, so a pid alone names nobody.
 *
 * @param startedMillis when it started, on the clock of the {@link ProcessTable} that told it
 * @param boot names the run of the system in which that clock counts
 */
record ProcessIdentity(long pid, long startedMillis, String boot) {
  /**
   * Reads what {@link #putInto} wrote.
   *
   * @throws IllegalArgumentException if something is missing or damaged
   */
  static ProcessIdentity read(Map<String, String> words) {
    return new ProcessIdentity(number("pid", words), number("started", words), word("boot", words));
  }

  private static long number(String name, Map<String, String> words) {
    String text = word(name, words);
    if (!text.matches("[0-9]{1,18}")) {
      throw new IllegalArgumentException(name + " is " + text + ", which is no number");
    }
    return Long.parseLong(text);
  }

  private static String word(String name, Map<String, String> words) {
    String text = words.get(name);
    if (text == null) {
      throw new IllegalArgumentException("the record lacks " + name);
    }
    return text;
  }

  void putInto(Map<String, String> words) {
    words.put("pid", Long.toString(pid));
    words.put("started", Long.toString(startedMillis));
    words.put("boot", boot);
  }
}
