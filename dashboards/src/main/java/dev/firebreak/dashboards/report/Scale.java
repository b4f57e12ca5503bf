package dev.firebreak.dashboards.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Maps values to places on a drawing, along one axis. */
record Scale(double from, double to, double start, double end) {
  private static final double[] ROUND = {1, 2, 5, 10};
  private static final double[] ROUND_SECONDS = {
    1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 21600, 86400
  };

  double place(double value) {
    return to == from ? start : start + (value - from) / (to - from) * (end - start);
  }

  /** At a tenth of a pixel: nobody sees more, and the file stays small. */
  String at(double value) {
    return text(place(value));
  }

  static String text(double place) {
    return String.format(Locale.ROOT, "%.1f", place);
  }

  /** Round values within the scale, at most {@code most} of them plus one. */
  List<Double> ticks(int most) {
    double rough = (to - from) / most;
    double power = Math.pow(10, Math.floor(Math.log10(rough)));
    double step = power;
    for (double round : ROUND) {
      step = round * power;
      if (step >= rough * 0.999) {
        break;
      }
    }
    return multiples(step);
  }

  /** As {@link #ticks}, in steps of a clock. */
  List<Double> timeTicks(int most) {
    double step = ROUND_SECONDS[0];
    for (double round : ROUND_SECONDS) {
      step = round;
      if (step * most >= to - from) {
        break;
      }
    }
    return multiples(Math.max(step, (to - from) / most));
  }

  private List<Double> multiples(double step) {
    List<Double> ticks = new ArrayList<>();
    for (long i = (long) Math.ceil(from / step - 1e-9); i * step <= to + step * 1e-9; i++) {
      ticks.add(i * step);
    }
    return ticks;
  }
}
