package dev.firebreak.cascade;

import dev.firebreak.probe.Quantity;
import dev.firebreak.probe.Unit;

/**
 * How often the detector halts GameDays in which nothing happens, measured on history without a
 * fault.
 *
 * @param budget the false-halt budget that it had
 * @param gameDays how many were simulated
 * @param hours that they watched in all
 * @param falseHalts how many of them halted
 * @param lowest false halts in 1,000 hours, lower end of the 95 % interval
 * @param highest upper end
 */
public record FalseHaltRate(
    double budget, long gameDays, double hours, long falseHalts, double lowest, double highest) {
  /** False halts in 1,000 hours. */
  public double perThousandHours() {
    return 1_000 * falseHalts / hours;
  }

  @Override
  public String toString() {
    return "%s in 1,000 h (95 %%: %s to %s)"
        .formatted(plain(perThousandHours()), plain(lowest), plain(highest));
  }

  private static Quantity plain(double value) {
    return new Quantity(value, Unit.NONE);
  }
}
