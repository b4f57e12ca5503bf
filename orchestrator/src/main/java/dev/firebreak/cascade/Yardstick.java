package dev.firebreak.cascade;

import dev.firebreak.experiment.ExpectedBound;
import dev.firebreak.experiment.SmallestEffect;
import dev.firebreak.probe.Signal.Kind;

/**
 * In which unit a signal is compared with its baseline, so that up is bad and a step of the same
 * size means the same everywhere on the scale.
 *
 * @param kind of the signal
 * @param way which way is bad
 * @param offset added before the logarithm, so that values far below what matters do not count
 */
record Yardstick(Kind kind, Way way, double offset) {
  /** Which way is bad. */
  enum Way {
    UP,
    DOWN
  }

  /** Of the usual traffic, this share is added before the logarithm. */
  private static final double TRAFFIC_OFFSET = 0.05;

  /** A bounded resource is short from here on, if it has also risen by {@link #MORE_IN_USE}. */
  private static final double SHORT = 0.8;

  private static final double MORE_IN_USE = 0.2;

  private static final double EXTREME = 10;

  static Yardstick of(Kind kind, Way way, SmallestEffect effect, double usual) {
    return new Yardstick(
        kind,
        way,
        switch (kind) {
          case LATENCY -> effect.latencyFloor().toNanos() / 1e9;
          case TRAFFIC -> TRAFFIC_OFFSET * usual;
          case ERROR_RATIO, SUCCESS_RATIO, SATURATION, AVAILABILITY, RESOURCE -> 0;
        });
  }

  boolean logarithmic() {
    return logarithmic(kind);
  }

  private static boolean logarithmic(Kind kind) {
    return kind == Kind.LATENCY || kind == Kind.TRAFFIC;
  }

  /** From the signal's unit to the one in which up is bad. */
  double measure(double value) {
    return measure(kind, way == Way.UP, offset, value);
  }

  /** The same without a yardstick, where samples come by the million. */
  static double measure(Kind kind, boolean up, double offset, double value) {
    double y =
        logarithmic(kind)
            ? StrictMath.log(Math.max(value, 0) + Math.max(offset, Double.MIN_NORMAL))
            : value;
    return up ? y : -y;
  }

  /** The inverse of {@link #measure}. */
  double value(double measured) {
    double y = way == Way.UP ? measured : -measured;
    return logarithmic() ? StrictMath.exp(y) - offset : y;
  }

  /** The value from which on a degradation is worth halting for. */
  double worthHalting(double usual, SmallestEffect effect) {
    return switch (kind) {
      case LATENCY ->
          Math.max(usual * effect.latencyFactor(), usual + effect.latencyFloor().toNanos() / 1e9);
      case ERROR_RATIO -> usual + effect.errorPoints();
      case SUCCESS_RATIO -> usual - effect.errorPoints();
      case TRAFFIC ->
          way == Way.UP ? usual * effect.trafficFactor() : usual / effect.trafficFactor();
      case SATURATION -> Math.max(usual + MORE_IN_USE, SHORT);
      case AVAILABILITY, RESOURCE -> Double.NaN;
    };
  }

  /** A degradation so large that a series that hides it cannot be watched. */
  double extreme(double usual) {
    return switch (kind) {
      case LATENCY -> EXTREME * usual + EXTREME * offset;
      case TRAFFIC -> way == Way.UP ? EXTREME * usual : 0;
      case ERROR_RATIO, SATURATION -> 1;
      case SUCCESS_RATIO, AVAILABILITY -> 0;
      case RESOURCE -> Double.NaN;
    };
  }

  /** The value of a bound on an expected degradation; NaN if the bound says nothing about it. */
  double bound(double usual, ExpectedBound bound) {
    return switch (kind) {
      case LATENCY -> usual * bound.latencyFactor().orElse(Double.NaN);
      case ERROR_RATIO -> bound.errorRatio().orElse(Double.NaN);
      case SUCCESS_RATIO -> 1 - bound.errorRatio().orElse(Double.NaN);
      case TRAFFIC, SATURATION, AVAILABILITY, RESOURCE -> Double.NaN;
    };
  }

  /**
   * The floor of a baseline's scale: one request more or less is no news.
   *
   * @param requests how many a look stands for; NaN if not known
   */
  double smallestScale(Tuning tuning, double requests) {
    return switch (kind) {
      case LATENCY -> tuning.logScale();
      case TRAFFIC -> atLeast(tuning.logScale(), 1 / Math.sqrt(requests));
      case ERROR_RATIO, SUCCESS_RATIO -> atLeast(tuning.ratioScale(), 1 / requests);
      case SATURATION, AVAILABILITY, RESOURCE -> tuning.ratioScale();
    };
  }

  private static double atLeast(double floor, double counted) {
    return counted > floor && counted < Double.POSITIVE_INFINITY ? counted : floor;
  }
}
