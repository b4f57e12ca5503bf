package dev.firebreak.annotations.grafana;

import java.util.Locale;

/** Is told of every request to Grafana, on the outbox' thread. */
public interface OperationListener {
  /** What was asked of Grafana. */
  enum Operation {
    CREATE("annotations:create"),
    UPDATE("annotations:write"),
    DELETE("annotations:delete"),
    SEARCH("annotations:read"),
    /** Of the dashboard, or of Grafana's health, which needs no right. */
    LOOKUP("dashboards:read");

    private final String right;

    Operation(String right) {
      this.right = right;
    }

    /** As it is said in a sentence. */
    String verb() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** What the token needs for it. */
    public String right() {
      return right;
    }
  }

  void done(Operation operation, boolean succeeded);

  /** Nobody. */
  static OperationListener none() {
    return (operation, succeeded) -> {};
  }
}
