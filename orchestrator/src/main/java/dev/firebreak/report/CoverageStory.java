package dev.firebreak.report;

import dev.firebreak.report.RunReport.Blindness;
import dev.firebreak.report.RunReport.CoverageReport;
import dev.firebreak.run.RunEvent;
import dev.firebreak.run.RunEvent.BaselineTaken;
import dev.firebreak.run.RunEvent.FalseHaltsMeasured;
import dev.firebreak.run.RunEvent.SamplesTaken;
import dev.firebreak.run.RunEvent.SightLost;
import dev.firebreak.run.RunEvent.SightRegained;
import dev.firebreak.run.RunEvent.SignalsFound;
import dev.firebreak.run.RunEvent.WatchBegan;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;

/** Tells how much was seen. */
final class CoverageStory {
  private CoverageStory() {}

  static CoverageReport of(Chronicle chronicle) {
    Optional<BaselineTaken> baseline = chronicle.last(BaselineTaken.class);
    Optional<SignalsFound> found = chronicle.last(SignalsFound.class);
    Duration step = chronicle.opened().samplingStep();
    int withEvidence = looksWithEvidence(chronicle);
    int looks = Math.max(withEvidence, looksDue(chronicle, step));
    return new CoverageReport(
        baseline.map(taken -> RunReports.names(taken.servicesWatched())).orElse(List.of()),
        baseline.map(taken -> RunReports.names(taken.servicesWithoutData())).orElse(List.of()),
        baseline.map(BaselineTaken::seriesWatched).orElse(0),
        step.toNanos() / 1e9,
        looks,
        looks - withEvidence,
        blind(chronicle),
        found.map(SignalsFound::packs).orElse(List.of()),
        sorted(baseline.map(BaselineTaken::unwatchable).orElse(Map.of())),
        sorted(found.map(SignalsFound::unseen).orElse(Map.of())),
        chronicle
            .last(WatchBegan.class)
            .map(began -> OptionalDouble.of(began.falseHaltBudget()))
            .orElse(OptionalDouble.empty()),
        chronicle.last(FalseHaltsMeasured.class).map(FalseHaltsMeasured::calibrated));
  }

  private static int looksWithEvidence(Chronicle chronicle) {
    return (int)
        chronicle.duringFault(SamplesTaken.class).stream()
            .filter(look -> look.values().stream().anyMatch(value -> !Double.isNaN(value)))
            .count();
  }

  /** A look that failed leaves no event: how many there should have been tells their number. */
  private static int looksDue(Chronicle chronicle, Duration step) {
    Optional<RunEvent> first = chronicle.firstOfFault();
    Optional<RunEvent> last = chronicle.endOfFault();
    return first.isEmpty() || last.isEmpty()
        ? 0
        : (int) Math.max(0, Duration.between(first.get().at(), last.get().at()).dividedBy(step));
  }

  private static List<Blindness> blind(Chronicle chronicle) {
    List<SightRegained> regained = chronicle.all(SightRegained.class);
    List<Blindness> stretches = new ArrayList<>();
    for (SightLost lost : chronicle.all(SightLost.class)) {
      Optional<Instant> until =
          regained.stream()
              .map(SightRegained::at)
              .filter(at -> !at.isBefore(lost.at()))
              .findFirst();
      stretches.add(new Blindness(lost.since(), until, lost.detail()));
    }
    return stretches;
  }

  private static Map<String, String> sorted(Map<String, String> map) {
    return Collections.unmodifiableMap(new TreeMap<>(map));
  }
}
