package dev.firebreak.app.demo;

import dev.firebreak.run.Outcome;

/** What the demo can show, and how it has to end. */
public enum Scenario {
  /** Slow payments take product pages down, which never call payments. */
  CASCADE("shop-payments-latency.yaml", Outcome.CASCADED),
  /** Slow recommendations, which the shop survives. */
  CONTAINED("shop-recommendations-latency.yaml", Outcome.HELD);

  private final String file;
  private final Outcome announced;

  Scenario(String file, Outcome announced) {
    this.file = file;
    this.announced = announced;
  }

  /** The GameDay's file name in {@code examples/gamedays}. */
  public String file() {
    return file;
  }

  public Outcome announced() {
    return announced;
  }
}
