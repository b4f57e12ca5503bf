package dev.firebreak.app.cli;

import dev.firebreak.run.Outcome;
import java.io.PrintWriter;
import java.util.Map;

/**
 * Where the program writes.
 *
 * @param colour whether escape sequences for colour are understood and wanted
 * @param live whether the last lines may be drawn again
 */
public record Terminal(PrintWriter out, PrintWriter err, boolean colour, boolean live) {
  /** A style of text; has no effect where colour is not wanted. */
  public enum Style {
    BOLD("1"),
    FAINT("2"),
    GOOD("32"),
    BAD("1;31"),
    WARNING("33"),
    INJECTED("35");

    private final String code;

    Style(String code) {
      this.code = code;
    }
  }

  /**
   * A terminal as the environment describes it: no colour if {@code NO_COLOR} is set or {@code
   * TERM} is {@code dumb}.
   *
   * @param interactive whether the output is a terminal at all
   */
  public static Terminal of(
      PrintWriter out, PrintWriter err, boolean interactive, Map<String, String> environment) {
    boolean dumb = environment.getOrDefault("TERM", "dumb").equals("dumb");
    boolean plain = !environment.getOrDefault("NO_COLOR", "").isEmpty();
    return new Terminal(out, err, interactive && !dumb && !plain, interactive && !dumb);
  }

  public String styled(Style style, String text) {
    return colour ? "\u001b[" + style.code + "m" + text + "\u001b[0m" : text;
  }

  public String styled(Outcome outcome) {
    return switch (outcome) {
      case HELD -> styled(Style.GOOD, outcome.name());
      case CASCADED, FAILED -> styled(Style.BAD, outcome.name());
      case DEVIATED, INCONCLUSIVE, INVALID, REFUSED, ABORTED ->
          styled(Style.WARNING, outcome.name());
    };
  }

  public void line(String text) {
    out.println(text);
    out.flush();
  }

  public void error(String text) {
    err.println(text);
    err.flush();
  }
}
