package dev.firebreak.probes.signal;

import dev.firebreak.probe.Signal;
import java.util.Optional;
import java.util.Set;

/** A signal and how it is computed. */
public record SignalDefinition(Signal signal, Formula formula) {
  public static SignalDefinition of(String name, Signal.Kind kind, Formula formula) {
    return new SignalDefinition(new Signal(name, kind), formula);
  }

  Optional<SignalDefinition> resolve(Set<String> names) {
    return formula.resolve(names).map(resolved -> new SignalDefinition(signal, resolved));
  }
}
