package dev.firebreak.run;

import dev.firebreak.experiment.SteadyStateHypothesis;
import dev.firebreak.experiment.SteadyStateHypothesis.SteadyStateProbe;
import dev.firebreak.probe.SeriesId;
import dev.firebreak.run.RunEvent.ProbeJudged;
import dev.firebreak.run.RunEvent.ProbeJudged.Verdict;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Judges the steady-state hypothesis, one sample vector after the other. A probe is breached when
 * two of its last three samples are outside its tolerance: one is noise.
 */
final class HypothesisWatch {
  private static final int LOOKS = 3;
  private static final int BREACHES = 2;

  private final List<ProbeState> probes = new ArrayList<>();

  HypothesisWatch(SteadyStateHypothesis hypothesis, List<SeriesId> series) {
    for (SteadyStateProbe probe : hypothesis.probes()) {
      probes.add(new ProbeState(probe, indexOf(series, probe)));
    }
  }

  /** Takes one vector and says which verdicts changed by it. */
  List<ProbeJudged> judge(Instant at, double[] values) {
    List<ProbeJudged> changes = new ArrayList<>();
    for (ProbeState probe : probes) {
      probe.take(at, probe.index < 0 ? Double.NaN : values[probe.index]).ifPresent(changes::add);
    }
    return changes;
  }

  /** Whether the last three samples of every probe were evidence and within tolerance. */
  boolean holds() {
    return probes.stream().allMatch(ProbeState::steady);
  }

  boolean breached() {
    return breach().isPresent();
  }

  /** The first breached probe, in words. */
  Optional<String> breach() {
    return probes.stream()
        .filter(probe -> probe.verdict == Verdict.BREACHED)
        .map(ProbeState::describe)
        .findFirst();
  }

  /** The probes that do not hold, in words. */
  List<String> unmet() {
    return probes.stream().filter(probe -> !probe.steady()).map(ProbeState::describe).toList();
  }

  /** The probes whose latest sample was no evidence. */
  List<String> unseen() {
    return probes.stream()
        .filter(probe -> Double.isNaN(probe.latest))
        .map(probe -> probe.probe.name())
        .toList();
  }

  private static int indexOf(List<SeriesId> series, SteadyStateProbe probe) {
    for (int i = 0; i < series.size(); i++) {
      SeriesId id = series.get(i);
      if (id.service().equals(probe.service()) && id.signal().name().equals(probe.signal())) {
        return i;
      }
    }
    return -1;
  }

  private static final class ProbeState {
    private final SteadyStateProbe probe;
    private final int index;
    private final Verdict[] recent = new Verdict[LOOKS];
    private int taken;
    private double latest = Double.NaN;
    private Verdict verdict = Verdict.NO_EVIDENCE;

    ProbeState(SteadyStateProbe probe, int index) {
      this.probe = probe;
      this.index = index;
    }

    Optional<ProbeJudged> take(Instant at, double value) {
      latest = value;
      recent[taken % LOOKS] = judgeOne(value);
      taken++;
      Verdict next = verdictOfRecent();
      if (next == verdict && taken > 1) {
        return Optional.empty();
      }
      verdict = next;
      return Optional.of(new ProbeJudged(at, probe.name(), next, value));
    }

    private Verdict judgeOne(double value) {
      if (Double.isNaN(value)) {
        return Verdict.NO_EVIDENCE;
      }
      return probe.tolerance().accepts(value) ? Verdict.WITHIN : Verdict.BREACHED;
    }

    private Verdict verdictOfRecent() {
      if (count(Verdict.BREACHED) >= BREACHES) {
        return Verdict.BREACHED;
      }
      return count(Verdict.WITHIN) > 0 ? Verdict.WITHIN : Verdict.NO_EVIDENCE;
    }

    private int count(Verdict wanted) {
      int count = 0;
      for (int i = 0; i < Math.min(taken, LOOKS); i++) {
        if (recent[i] == wanted) {
          count++;
        }
      }
      return count;
    }

    boolean steady() {
      return taken >= LOOKS && count(Verdict.WITHIN) == LOOKS;
    }

    String describe() {
      String seen = Double.isNaN(latest) ? "has no evidence" : "is " + latest;
      return "\"%s\": %s of %s %s, tolerated are %s"
          .formatted(probe.name(), probe.signal(), probe.service(), seen, bounds());
    }

    private String bounds() {
      String min =
          probe.tolerance().min().isPresent() ? "min " + probe.tolerance().min().getAsDouble() : "";
      String max =
          probe.tolerance().max().isPresent() ? "max " + probe.tolerance().max().getAsDouble() : "";
      return min.isEmpty() || max.isEmpty() ? min + max : min + " and " + max;
    }
  }
}
