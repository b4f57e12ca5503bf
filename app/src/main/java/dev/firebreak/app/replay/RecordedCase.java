package dev.firebreak.app.replay;

import dev.firebreak.cascade.Watch;
import dev.firebreak.experiment.BlastRadius;
import dev.firebreak.probe.SeriesId;
import dev.firebreak.probe.Signal;
import dev.firebreak.probe.Signal.Kind;
import dev.firebreak.service.ServiceName;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A recorded case as a detector sees it.
 *
 * @param series in the order of the values
 */
record RecordedCase(CaseDescription description, Recording recording, List<SeriesId> series) {
  /**
   * Reads {@code case.json} and {@code metrics.csv}, and nothing else.
   *
   * @throws CaseException if the case is incomplete or malformed
   */
  static RecordedCase read(Path folder) throws CaseException {
    CaseDescription description = CaseDescription.read(folder.resolve("case.json"));
    Recording raw = Recording.read(folder.resolve("metrics.csv"));
    List<SeriesId> series = series(description, raw);
    double[] scales = scales(description, raw, series);
    List<double[]> rows = raw.rows().stream().map(values -> scaled(values, scales)).toList();
    return new RecordedCase(description, new Recording(raw.columns(), raw.times(), rows), series);
  }

  /** How many vectors there are. */
  int size() {
    return recording.rows().size();
  }

  /** Unix seconds. */
  long time(int row) {
    return recording.times().get(row);
  }

  /** In base units, NaN where the sample is missing. */
  double[] values(int row) {
    return recording.rows().get(row);
  }

  /** What a detector is asked, with this radius. */
  Watch watch(Optional<BlastRadius> radius, Duration horizon) {
    return new Watch(
        series,
        radius,
        description.callGraph(),
        description.smallestEffect(),
        description.step(),
        horizon,
        description.falseHaltBudget());
  }

  private static List<SeriesId> series(CaseDescription description, Recording recording)
      throws CaseException {
    List<SeriesId> series = new ArrayList<>();
    for (String column : recording.columns()) {
      int cut = column.lastIndexOf("__");
      String metric = column.substring(cut + 2);
      try {
        series.add(
            new SeriesId(
                ServiceName.of(column.substring(0, cut)),
                new Signal(metric, description.kindOf(metric))));
      } catch (IllegalArgumentException e) {
        throw new CaseException("metrics.csv: column \"" + column + "\": " + e.getMessage(), e);
      }
    }
    return series;
  }

  /** What each column is multiplied with to be in its signal's base unit. */
  private static double[] scales(
      CaseDescription description, Recording recording, List<SeriesId> series) {
    double[] scales = new double[series.size()];
    for (int i = 0; i < scales.length; i++) {
      Kind kind = series.get(i).signal().kind();
      scales[i] =
          switch (kind) {
            case LATENCY -> description.secondsPerLatencyUnit();
            case SUCCESS_RATIO, ERROR_RATIO, SATURATION ->
                isPercent(description, recording, series, i) ? 0.01 : 1;
            case TRAFFIC, AVAILABILITY, RESOURCE -> 1;
          };
    }
    return scales;
  }

  /** A case does not say whether its ratios are percents; the history of the same signal shows. */
  private static boolean isPercent(
      CaseDescription description, Recording recording, List<SeriesId> series, int which) {
    Signal signal = series.get(which).signal();
    for (int row = 0; row < recording.rows().size(); row++) {
      if (recording.times().get(row) >= description.injectStart()) {
        return false;
      }
      for (int i = 0; i < series.size(); i++) {
        if (series.get(i).signal().equals(signal) && recording.rows().get(row)[i] > 1.5) {
          return true;
        }
      }
    }
    return false;
  }

  private static double[] scaled(double[] values, double[] scales) {
    double[] scaled = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      scaled[i] = values[i] * scales[i];
    }
    return scaled;
  }
}
