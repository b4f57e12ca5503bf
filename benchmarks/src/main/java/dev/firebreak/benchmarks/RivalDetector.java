package dev.firebreak.benchmarks;

import dev.firebreak.cascade.CascadeDetector;
import dev.firebreak.cascade.Coverage;
import dev.firebreak.cascade.DegradationClass;
import dev.firebreak.cascade.Finding;
import dev.firebreak.cascade.Watch;
import dev.firebreak.probe.SeriesId;
import dev.firebreak.service.ServiceName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Halts as soon as a rival alarms on any latency or failure outside the radius. */
final class RivalDetector implements CascadeDetector {
  /** With fewer samples nobody could say what is usual. */
  private static final int FEWEST_SAMPLES = 5;

  private final Watch watch;
  private final Rival.Maker maker;
  private final List<double[]> history = new ArrayList<>();
  private final @Nullable Rival[] rivals;
  private final SortedMap<ServiceName, Finding> findings = new TreeMap<>();

  RivalDetector(Watch watch, Rival.Maker maker) {
    this.watch = watch;
    this.maker = maker;
    this.rivals = new Rival[watch.series().size()];
  }

  @Override
  public void learn(Instant at, double[] values) {
    history.add(values.clone());
  }

  @Override
  public void injected(Instant at) {
    for (int i = 0; i < rivals.length; i++) {
      int series = i;
      double[] baseline =
          history.stream()
              .mapToDouble(row -> badUp(series, row[series]))
              .filter(Double::isFinite)
              .toArray();
      if (isUsersConcern(i) && baseline.length >= FEWEST_SAMPLES) {
        rivals[i] = maker.watch(baseline);
      }
    }
  }

  private boolean isUsersConcern(int i) {
    SeriesId id = watch.series().get(i);
    return watch.isOutside(id.service())
        && switch (id.signal().kind()) {
          case LATENCY, ERROR_RATIO, SUCCESS_RATIO -> true;
          case TRAFFIC, SATURATION, AVAILABILITY, RESOURCE -> false;
        };
  }

  private double badUp(int i, double value) {
    return switch (watch.series().get(i).signal().kind()) {
      case SUCCESS_RATIO -> -value;
      case LATENCY, ERROR_RATIO, TRAFFIC, SATURATION, AVAILABILITY, RESOURCE -> value;
    };
  }

  @Override
  public List<Finding> judge(Instant at, double[] values) {
    List<Finding> news = new ArrayList<>();
    for (int i = 0; i < rivals.length; i++) {
      Rival rival = rivals[i];
      if (rival != null && Double.isFinite(values[i]) && rival.alarms(badUp(i, values[i]))) {
        SeriesId id = watch.series().get(i);
        Finding finding = finding(id, at, values[i]);
        if (findings.putIfAbsent(id.service(), finding) == null) {
          news.add(finding);
        }
      }
    }
    return news;
  }

  private static Finding finding(SeriesId id, Instant at, double value) {
    return new Finding(
        id.service(),
        DegradationClass.ESCAPED,
        id.signal(),
        Double.NaN,
        value,
        at,
        at,
        List.of(),
        "alarmed",
        Optional.empty());
  }

  @Override
  public void rolledBack(Instant at) {
    // Rivals know nothing of causes.
  }

  @Override
  public List<Finding> findings() {
    return List.copyOf(findings.values());
  }

  @Override
  public boolean escaped() {
    return !findings.isEmpty();
  }

  @Override
  public Coverage coverage() {
    return new Coverage(
        watch.series().stream().filter(id -> rivals[watch.series().indexOf(id)] != null).toList(),
        Map.of(),
        List.of());
  }
}
