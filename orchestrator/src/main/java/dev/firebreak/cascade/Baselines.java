package dev.firebreak.cascade;

import dev.firebreak.cascade.Topology.Tie;
import dev.firebreak.cascade.Tracks.Track;
import dev.firebreak.cascade.Yardstick.Way;
import dev.firebreak.probe.SeriesId;
import dev.firebreak.probe.Signal.Kind;
import dev.firebreak.service.ServiceName;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Makes tracks of the history: what each series usually does, and which cannot be watched. */
final class Baselines {
  /** With fewer samples a baseline says nothing about what is usual. */
  private static final int FEWEST_SAMPLES = 5;

  /** An availability is up from here on. */
  private static final double UP = 1;

  private final Watch watch;
  private final Tuning tuning;
  private final Topology topology;
  private final History history;
  private final List<ServiceName> services;
  private final int[][] seriesOfService;
  private final int horizonSamples;

  /** In the order of the services. */
  final List<Track> tracks = new ArrayList<>();

  /** The first track of each service, and behind them the number of tracks. */
  final int[] firstTrack;

  final SortedSet<SeriesId> watched = new TreeSet<>();
  final SortedMap<SeriesId, String> unwatchable = new TreeMap<>();

  Baselines(
      Watch watch,
      Tuning tuning,
      Topology topology,
      History history,
      List<ServiceName> services,
      int[][] seriesOfService) {
    this.watch = watch;
    this.tuning = tuning;
    this.topology = topology;
    this.history = history;
    this.services = services;
    this.seriesOfService = seriesOfService;
    this.horizonSamples = samples(watch);
    this.firstTrack = new int[services.size() + 1];
    measure(incidents());
  }

  /** How many samples a watch lasts at most. */
  static int samples(Watch watch) {
    long samples = watch.horizon().toMillis() / Math.max(1, watch.step().toMillis());
    return (int) Math.max(1, Math.min(samples, 10_000));
  }

  private boolean[] incidents() {
    boolean[] none = new boolean[history.size()];
    List<List<Track>> raw = new ArrayList<>();
    List<Double> decorrelations = new ArrayList<>();
    for (int service = 0; service < services.size(); service++) {
      List<Track> own = new ArrayList<>();
      for (int series : seriesOfService[service]) {
        tracksOf(series, none, own);
      }
      own.forEach(track -> decorrelations.add(track.baseline().decorrelation()));
      raw.add(own);
    }
    double[] sorted = decorrelations.stream().mapToDouble(d -> d).sorted().toArray();
    double usual = sorted.length == 0 ? 1 : Baseline.middle(sorted);
    int lasting = 1 + (int) (tuning.incidentLooks() * usual);
    return Incidents.find(
        history.size(), services.size(), service -> farOff(raw.get(service)), lasting);
  }

  private boolean[] farOff(List<Track> tracks) {
    boolean[] far = new boolean[history.size()];
    for (Track track : tracks) {
      Baseline baseline = track.baseline();
      for (int age = 0; age < far.length; age++) {
        double y = track.yardstick().measure(history.value(age, track.series()));
        double z = (y - baseline.median()) / baseline.common();
        if (y >= track.badFrom()
            && z > 0
            && Evidence.surprise(z, tuning.tailFreedom()) >= tuning.incidentSurprise()) {
          far[age] = true;
        }
      }
    }
    return far;
  }

  private void measure(boolean[] incident) {
    for (int service = 0; service < services.size(); service++) {
      firstTrack[service] = tracks.size();
      boolean outside = watch.isOutside(services.get(service));
      for (int series : seriesOfService[service]) {
        int before = tracks.size();
        SeriesId id = watch.series().get(series);
        String hindrance =
            id.signal().kind() == Kind.AVAILABILITY
                ? notUp(series)
                : tracksOf(series, incident, tracks);
        if (!outside) {
          continue;
        }
        if (hindrance.isEmpty() || tracks.size() > before) {
          watched.add(id);
        } else {
          unwatchable.put(id, hindrance);
        }
      }
    }
    firstTrack[services.size()] = tracks.size();
  }

  /** Why an availability cannot be watched; empty if it can. */
  private String notUp(int series) {
    for (int age = history.size() - 1; age >= 0; age--) {
      double value = history.value(age, series);
      if (Double.isFinite(value)) {
        return value >= UP ? "" : "not up before the injection";
      }
    }
    return "no samples in the baseline";
  }

  /** Adds the tracks of a series; where there are none, says why. */
  private String tracksOf(int series, boolean[] incident, List<Track> found) {
    SeriesId id = watch.series().get(series);
    Kind kind = id.signal().kind();
    double[] values = seen(series, incident);
    if (values.length < FEWEST_SAMPLES) {
      return "%d samples in the baseline, at least %d are needed"
          .formatted(values.length, FEWEST_SAMPLES);
    }
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    double usual = Baseline.middle(sorted);
    String hindrance = "";
    for (Way way : ways(kind, topology.tie(id.service()))) {
      Yardstick yardstick = Yardstick.of(kind, way, watch.smallestEffect(), usual);
      double bad = yardstick.worthHalting(usual, watch.smallestEffect());
      String why = hindrance(kind, usual, bad);
      if (why.isEmpty()) {
        double[] measured = Arrays.stream(values).map(yardstick::measure).toArray();
        Baseline baseline =
            Baseline.of(measured, yardstick.smallestScale(tuning), horizonSamples, tuning);
        found.add(new Track(series, yardstick, baseline, yardstick.measure(bad)));
      } else {
        hindrance = why;
      }
    }
    return hindrance;
  }

  /** Less traffic of a service that the radius calls only repeats that the radius is ill. */
  private static List<Way> ways(Kind kind, Tie tie) {
    return switch (kind) {
      case LATENCY, ERROR_RATIO, SATURATION -> List.of(Way.UP);
      case SUCCESS_RATIO -> List.of(Way.DOWN);
      case TRAFFIC -> tie == Tie.CALLEE ? List.of(Way.UP) : List.of(Way.DOWN, Way.UP);
      case AVAILABILITY, RESOURCE -> List.of();
    };
  }

  private static String hindrance(Kind kind, double usual, double bad) {
    return switch (kind) {
      case TRAFFIC -> usual > 0 ? "" : "no traffic in the baseline";
      case SUCCESS_RATIO -> bad >= 0 ? "" : "already at its worst in the baseline";
      case ERROR_RATIO, SATURATION -> bad <= 1 ? "" : "already at its worst in the baseline";
      case LATENCY, AVAILABILITY, RESOURCE -> "";
    };
  }

  private double[] seen(int series, boolean[] incident) {
    double[] values = new double[history.size()];
    int n = 0;
    for (int age = 0; age < history.size(); age++) {
      double value = history.value(age, series);
      if (Double.isFinite(value) && !incident[age]) {
        values[n++] = value;
      }
    }
    return Arrays.copyOf(values, n);
  }
}
