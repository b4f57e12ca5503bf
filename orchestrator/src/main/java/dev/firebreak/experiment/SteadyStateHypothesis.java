package dev.firebreak.experiment;

import dev.firebreak.service.ServiceName;
import java.util.List;

/** SLIs and tolerances that should hold before and during a run. */
public record SteadyStateHypothesis(String title, List<SteadyStateProbe> probes) {
  /**
   * One SLI of the hypothesis.
   *
   * @param name what people call it
   * @param signal a signal's name, such as {@code http.latency.p95}
   * @param service whose signal
   * @param tolerance in the signal's base unit
   */
  public record SteadyStateProbe(
      String name, String signal, ServiceName service, Tolerance tolerance) {}

  public SteadyStateHypothesis {
    probes = List.copyOf(probes);
  }

  /** Expects nothing: the cascade detector alone decides. */
  public static SteadyStateHypothesis none() {
    return new SteadyStateHypothesis("", List.of());
  }
}
