package dev.firebreak.annotations.grafana;

/** Is told of every request to Grafana, on the outbox' thread. */
public interface OperationListener {
  /** What was asked of Grafana. */
  enum Operation {
    CREATE,
    UPDATE,
    DELETE,
    SEARCH
  }

  void done(Operation operation, boolean succeeded);

  /** Nobody. */
  static OperationListener none() {
    return (operation, succeeded) -> {};
  }
}
