package dev.firebreak.annotations.grafana;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The one dashboard on which marks are shown.
 *
 * @param uid as in its address, after {@code /d/}
 * @param panel the number of one panel of it
 */
public record DashboardPlace(String uid, OptionalLong panel) {
  private static final Pattern UID = Pattern.compile("[A-Za-z0-9_-]{1,40}");
  private static final Pattern TEXT = Pattern.compile("([^/]*)(?:/([1-9][0-9]{0,8}))?");

  /**
   * Checks the UID.
   *
   * @throws IllegalArgumentException if no dashboard can have it
   */
  public DashboardPlace {
    if (!UID.matcher(uid).matches()) {
      throw new IllegalArgumentException(
          "\"%s\" is no UID of a dashboard; allowed: 1 to 40 letters, digits, _ and -, such as the part after /d/ in its address"
              .formatted(uid));
    }
  }

  Optional<Long> panelNumber() {
    return panel.isPresent() ? Optional.of(panel.getAsLong()) : Optional.empty();
  }

  /**
   * Reads {@code UID} or {@code UID/PANEL}.
   *
   * @throws IllegalArgumentException if it is neither; the message says what is allowed
   */
  public static DashboardPlace parse(String text) {
    Matcher parts = TEXT.matcher(text);
    if (!parts.matches()) {
      throw new IllegalArgumentException(
          "\"%s\" is no dashboard; allowed: its UID, or UID/PANEL with the number of a panel"
              .formatted(text));
    }
    String panel = parts.group(2);
    return new DashboardPlace(
        parts.group(1),
        panel == null ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(panel)));
  }
}
