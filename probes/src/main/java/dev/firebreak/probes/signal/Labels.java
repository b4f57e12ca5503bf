package dev.firebreak.probes.signal;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/**
 * The labels of one series without its name. As in Prometheus, an absent label and an empty one are
 * the same.
 */
public final class Labels {
  private static final Labels NONE = new Labels(new String[0]);

  /** Name, value, name, value …, ordered by name. */
  private final String[] pairs;

  private final int hash;

  private Labels(String[] pairs) {
    this.pairs = pairs;
    this.hash = Arrays.hashCode(pairs);
  }

  public static Labels none() {
    return NONE;
  }

  public static Labels of(Map<String, String> labels) {
    String[] pairs = new String[2 * labels.size()];
    int next = 0;
    for (Map.Entry<String, String> label : new TreeMap<>(labels).entrySet()) {
      if (!label.getValue().isEmpty()) {
        pairs[next++] = label.getKey();
        pairs[next++] = label.getValue();
      }
    }
    return next == 0 ? NONE : new Labels(Arrays.copyOf(pairs, next));
  }

  /** The only label of a series. */
  public static Labels of(String name, String value) {
    return value.isEmpty() ? NONE : new Labels(new String[] {name, value});
  }

  /** Whether there is one label, {@code name}, and its value is in {@code text} from there on. */
  public boolean isOnly(String name, char[] text, int from, int length) {
    if (pairs.length != 2 || !pairs[0].equals(name) || pairs[1].length() != length) {
      return false;
    }
    String value = pairs[1];
    for (int i = 0; i < length; i++) {
      if (value.charAt(i) != text[from + i]) {
        return false;
      }
    }
    return true;
  }

  /** The value of {@code name}, empty if there is no such label. */
  public String get(String name) {
    for (int i = 0; i < pairs.length; i += 2) {
      if (pairs[i].equals(name)) {
        return pairs[i + 1];
      }
    }
    return "";
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Labels labels
        && hash == labels.hash
        && Arrays.equals(pairs, labels.pairs);
  }

  @Override
  public int hashCode() {
    return hash;
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("{");
    for (int i = 0; i < pairs.length; i += 2) {
      text.append(i == 0 ? "" : ",").append(pairs[i]).append("=\"").append(pairs[i + 1]);
      text.append('"');
    }
    return text.append('}').toString();
  }
}
