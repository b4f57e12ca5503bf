package dev.firebreak.report;

import dev.firebreak.experiment.SteadyStateHypothesis.SteadyStateProbe;
import dev.firebreak.experiment.Tolerance;
import dev.firebreak.probe.Unit;
import dev.firebreak.report.RunReport.Hypothesis;
import dev.firebreak.report.RunReport.Probe;
import dev.firebreak.report.RunReport.Samples;
import dev.firebreak.report.RunReport.Series;
import dev.firebreak.run.RunEvent;
import dev.firebreak.run.RunEvent.ProbeJudged;
import dev.firebreak.run.RunEvent.ProbeJudged.Verdict;
import dev.firebreak.run.RunEvent.SamplesTaken;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** Tells how each probe of the hypothesis fared before, during and after the fault. */
final class ProbeTrials {
  private static final Comparator<Verdict> WORSE =
      Comparator.comparingInt(
          verdict ->
              switch (verdict) {
                case WITHIN -> 0;
                case NO_EVIDENCE -> 1;
                case BREACHED -> 2;
              });

  private ProbeTrials() {}

  static Hypothesis of(Chronicle chronicle, Samples samples) {
    return new Hypothesis(
        chronicle.opened().hypothesis().title(),
        chronicle.opened().hypothesis().probes().stream()
            .map(probe -> of(probe, chronicle, samples))
            .toList());
  }

  private static Probe of(SteadyStateProbe probe, Chronicle chronicle, Samples samples) {
    Optional<Series> series = samples.find(probe.service().value(), probe.signal());
    List<Verdict> before = verdicts(probe, chronicle.beforeInjection(ProbeJudged.class));
    // Judgements are told when they change: each stretch begins with the last one before it.
    List<Verdict> during = new ArrayList<>();
    last(before).ifPresent(during::add);
    during.addAll(verdicts(probe, chronicle.duringFault(ProbeJudged.class)));
    List<Verdict> after = new ArrayList<>();
    last(during).ifPresent(after::add);
    after.addAll(verdicts(probe, chronicle.sinceRollback(ProbeJudged.class)));
    boolean injected = chronicle.injected();
    boolean lookedAfterwards = !chronicle.sinceRollback(SamplesTaken.class).isEmpty();
    return new Probe(
        probe.name(),
        probe.signal(),
        probe.service().value(),
        series.map(Series::unit).orElseGet(() -> Unit.ofName(probe.signal())),
        probe.tolerance().min(),
        probe.tolerance().max(),
        last(before),
        injected ? during.stream().max(WORSE) : Optional.empty(),
        lookedAfterwards ? last(after) : Optional.empty(),
        series
            .map(one -> worst(probe.tolerance(), one, chronicle, samples))
            .orElse(OptionalDouble.empty()));
  }

  private static List<Verdict> verdicts(SteadyStateProbe probe, List<ProbeJudged> judged) {
    return judged.stream()
        .filter(event -> event.probe().equals(probe.name()))
        .map(ProbeJudged::verdict)
        .toList();
  }

  private static Optional<Verdict> last(List<Verdict> verdicts) {
    return verdicts.isEmpty() ? Optional.empty() : Optional.of(verdicts.get(verdicts.size() - 1));
  }

  private static OptionalDouble worst(
      Tolerance tolerance, Series series, Chronicle chronicle, Samples samples) {
    List<RunEvent> looks = List.copyOf(chronicle.duringFault(SamplesTaken.class));
    double worst = Double.NaN;
    for (int i = 0; i < samples.at().size(); i++) {
      double value = series.values().get(i);
      boolean counts = !Double.isNaN(value) && within(looks, samples, i);
      if (counts && (Double.isNaN(worst) || excess(tolerance, value) > excess(tolerance, worst))) {
        worst = value;
      }
    }
    return Double.isNaN(worst) ? OptionalDouble.empty() : OptionalDouble.of(worst);
  }

  private static boolean within(List<RunEvent> looks, Samples samples, int place) {
    return !looks.isEmpty()
        && !samples.at().get(place).isBefore(looks.get(0).at())
        && !samples.at().get(place).isAfter(looks.get(looks.size() - 1).at());
  }

  /** How far out of the band a value is; negative inside. */
  private static double excess(Tolerance tolerance, double value) {
    return Math.max(
        value - tolerance.max().orElse(Double.POSITIVE_INFINITY),
        tolerance.min().orElse(Double.NEGATIVE_INFINITY) - value);
  }
}
