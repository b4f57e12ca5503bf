package dev.firebreak.app.gameday;

/**
 * One thing that is wrong in a GameDay file.
 *
 * @param line from 1
 * @param column from 1, in characters
 * @param path such as {@code experiments[0].halt.blindAfter}; empty for the file as a whole
 * @param value what stands there, shortened; empty where there is none or it may be a secret
 * @param problem what is wrong with it
 * @param allowed what would be right, with the nearest known word; empty if there is nothing to say
 */
public record Mistake(
    int line, int column, String path, String value, String problem, String allowed) {

  /** One line for people: {@code checkout.yaml:12:9 experiments[0].halt: "x" is not …}. */
  public String in(String fileName) {
    StringBuilder text = new StringBuilder(fileName);
    text.append(':').append(line).append(':').append(column);
    if (!path.isEmpty()) {
      text.append(' ').append(path);
    }
    text.append(": ");
    if (!value.isEmpty()) {
      text.append('"').append(value).append("\" ");
    }
    text.append(problem);
    if (!allowed.isEmpty()) {
      text.append("; allowed: ").append(allowed);
    }
    return text.toString();
  }
}
