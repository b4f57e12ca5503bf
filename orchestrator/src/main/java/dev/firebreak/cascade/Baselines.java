package dev.firebreak.cascade;

import dev.firebreak.cascade.Baseline.Measured;
import dev.firebreak.cascade.Baseline.Sample;
import dev.firebreak.cascade.Tracks.Track;
import dev.firebreak.cascade.Yardstick.Way;
import dev.firebreak.probe.SeriesId;
import dev.firebreak.probe.Signal.Kind;
import dev.firebreak.service.ServiceName;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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
  private final double stepSeconds;
  private final boolean[] calmHistory;

  /** Of each service, its usual requests a second; NaN if its traffic is not known. */
  private final double[] usualRate;

  private Measured measured;

  /** In the order of the services. */
  final List<Track> tracks = new ArrayList<>();

  /** The first track of each service, and behind them the number of tracks. */
  final int[] firstTrack;

  final SortedSet<SeriesId> watched = new TreeSet<>();
  final SortedMap<SeriesId, String> unwatchable = new TreeMap<>();

  /** What tells nothing, inside the blast radius and outside. */
  final Set<SeriesId> silent = new HashSet<>();

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
    this.stepSeconds = watch.step().toMillis() / 1e3;
    this.measured = new Measured(stepSeconds, 1);
    this.calmHistory = new boolean[history.size()];
    this.usualRate = new double[services.size()];
    for (int service = 0; service < services.size(); service++) {
      usualRate[service] = usualRate(service);
    }
    List<List<Track>> raw = eachByItself(calmHistory);
    boolean[] incident = incidents(raw);
    if (!Arrays.equals(incident, calmHistory)) {
      raw = eachByItself(incident);
    }
    measured = new Measured(stepSeconds, decorrelation(raw));
    measure(incident, raw);
  }

  /** How many samples a watch lasts at most. */
  static int samples(Watch watch) {
    long samples = watch.horizon().toMillis() / Math.max(1, watch.step().toMillis());
    return (int) Math.max(1, Math.min(samples, 10_000));
  }

  private boolean[] incidents(List<List<Track>> raw) {
    int lasting = 1 + (int) (tuning.incidentLooks() * decorrelation(raw));
    return Incidents.find(
        history.size(), services.size(), service -> farOff(raw.get(service)), lasting);
  }

  /** The tracks of each service, before anything is known about how the source measures. */
  private List<List<Track>> eachByItself(boolean[] incident) {
    List<List<Track>> all = new ArrayList<>();
    for (int service = 0; service < services.size(); service++) {
      List<Track> own = new ArrayList<>();
      for (int series : seriesOfService[service]) {
        tracksOf(service, series, incident, List.of(), own);
      }
      all.add(own);
    }
    return all;
  }

  /** What most series say about how many samples make one look: one alone is a poor witness. */
  private static double decorrelation(List<List<Track>> all) {
    double[] sorted =
        all.stream()
            .flatMap(List::stream)
            .mapToDouble(track -> track.baseline().decorrelation())
            .sorted()
            .toArray();
    return sorted.length == 0 ? 1 : Baseline.middle(sorted);
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

  /**
   * @param raw the same tracks of each service, before anything was known about the source
   */
  private void measure(boolean[] incident, List<List<Track>> raw) {
    for (int service = 0; service < services.size(); service++) {
      firstTrack[service] = tracks.size();
      boolean outside = watch.isOutside(services.get(service));
      for (int series : seriesOfService[service]) {
        int before = tracks.size();
        SeriesId id = watch.series().get(series);
        String hindrance =
            id.signal().kind() == Kind.AVAILABILITY
                ? notUp(series)
                : tracksOf(service, series, incident, raw.get(service), tracks);
        boolean tells = hindrance.isEmpty() || tracks.size() > before;
        if (!tells) {
          silent.add(id);
        }
        if (outside && tells) {
          watched.add(id);
        } else if (outside) {
          unwatchable.put(id, hindrance);
        }
      }
      tracks
          .subList(firstTrack[service], tracks.size())
          .sort(
              Comparator.comparing((Track track) -> track.yardstick().kind())
                  .thenComparing(track -> track.yardstick().way())
                  .thenComparing(Track::series));
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
  private String tracksOf(
      int service, int series, boolean[] incident, List<Track> raw, List<Track> found) {
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
    double requests = usualRate[service] * stepSeconds * measured.decorrelation();
    for (Way way : ways(kind, topology.isCalled(id.service()))) {
      Yardstick yardstick = Yardstick.of(kind, way, watch.smallestEffect(), usual);
      double bad = yardstick.worthHalting(usual, watch.smallestEffect());
      String why = hindrance(kind, usual, bad);
      if (why.isEmpty()) {
        Sample sample = sample(yardstick, values, sorted);
        double floor = yardstick.smallestScale(tuning, requests);
        Baseline baseline =
            Baseline.of(sample, floor, known(raw, series, way), horizonSamples, measured, tuning);
        double badFrom = yardstick.measure(bad);
        Rarity rarity = Rarity.of(sample.values(), badFrom, baseline.decorrelation());
        found.add(new Track(series, yardstick, baseline, badFrom, rarity));
      } else {
        hindrance = why;
      }
    }
    return hindrance;
  }

  private static Optional<Baseline> known(List<Track> raw, int series, Way way) {
    for (Track track : raw) {
      if (track.series() == series && track.yardstick().way() == way) {
        return Optional.of(track.baseline());
      }
    }
    return Optional.empty();
  }

  private static Sample sample(Yardstick yardstick, double[] values, double[] sorted) {
    int n = values.length;
    double[] ys = new double[n];
    double[] sortedYs = new double[n];
    for (int i = 0; i < n; i++) {
      ys[i] = yardstick.measure(values[i]);
      sortedYs[yardstick.way() == Way.UP ? i : n - 1 - i] = yardstick.measure(sorted[i]);
    }
    return new Sample(ys, sortedYs);
  }

  private double usualRate(int service) {
    for (int series : seriesOfService[service]) {
      if (watch.series().get(series).signal().kind() == Kind.TRAFFIC) {
        double[] rates = seen(series, calmHistory);
        Arrays.sort(rates);
        return rates.length == 0 ? Double.NaN : Baseline.middle(rates);
      }
    }
    return Double.NaN;
  }

  /** Less traffic of a service only repeats that its callers are ill, where those are known. */
  private static List<Way> ways(Kind kind, boolean called) {
    return switch (kind) {
      case LATENCY, ERROR_RATIO, SATURATION -> List.of(Way.UP);
      case SUCCESS_RATIO -> List.of(Way.DOWN);
      case TRAFFIC -> called ? List.of(Way.UP) : List.of(Way.DOWN, Way.UP);
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
