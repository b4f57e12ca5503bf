package dev.firebreak.probes.signal;

import dev.firebreak.probe.Signal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A convention that people already follow: which metrics there are, and what they mean. Pure data.
 *
 * @param serviceLabels the labels that may name the service; the first that a series has, does
 * @param callEdges where the convention tells the call graph
 * @param members which values of the service labels are services; none: all of them
 * @param aboutOthers whether who publishes these metrics speaks of other services, as proxies do
 */
public record SignalPack(
    String name,
    List<String> serviceLabels,
    List<SignalDefinition> definitions,
    Optional<CallEdges> callEdges,
    List<Matcher> members,
    boolean aboutOthers) {
  public SignalPack {
    serviceLabels = List.copyOf(serviceLabels);
    definitions = List.copyOf(definitions);
    members = List.copyOf(members);
  }

  /** A pack by which services speak of themselves. */
  public SignalPack(
      String name,
      List<String> serviceLabels,
      List<SignalDefinition> definitions,
      Optional<CallEdges> callEdges) {
    this(name, serviceLabels, definitions, callEdges, List.of(), false);
  }

  /** A pack by which some speak of others. */
  static SignalPack aboutOthers(
      String name,
      List<String> serviceLabels,
      List<SignalDefinition> definitions,
      Optional<CallEdges> callEdges,
      Matcher... members) {
    return new SignalPack(name, serviceLabels, definitions, callEdges, List.of(members), true);
  }

  /** Whether a series with these labels is about a service. */
  public boolean isMember(Labels labels) {
    return members.stream().allMatch(member -> member.accepts(labels));
  }

  /**
   * What is left of this pack in a source that has the metrics {@code names}; empty if nothing is.
   */
  public Optional<SignalPack> resolve(Set<String> names) {
    List<SignalDefinition> found = new ArrayList<>();
    for (SignalDefinition definition : definitions) {
      definition.resolve(names).ifPresent(found::add);
    }
    Optional<CallEdges> edges =
        callEdges.filter(candidate -> names.contains(candidate.calls().metric()));
    return found.isEmpty() && edges.isEmpty()
        ? Optional.empty()
        : Optional.of(new SignalPack(name, serviceLabels, found, edges, members, aboutOthers));
  }

  /** Every metric that the pack reads or looks for. */
  public Stream<Selector> selectors() {
    return Stream.concat(
        definitions.stream().flatMap(definition -> definition.formula().selectors().stream()),
        callEdges.map(CallEdges::calls).stream());
  }

  /**
   * The metrics by which it shows that a service is alive: those of its traffic where it has some,
   * since histograms have many series, else all that decide.
   */
  public Stream<Selector> vitalSigns() {
    boolean traffic = definitions.stream().anyMatch(SignalPack::isTraffic);
    return definitions.stream()
        .filter(
            definition -> traffic ? isTraffic(definition) : definition.signal().kind().decides())
        .flatMap(definition -> definition.formula().selectors().stream())
        .map(selector -> Selector.of(selector.metric()).and(members))
        .distinct();
  }

  private static boolean isTraffic(SignalDefinition definition) {
    return definition.signal().kind() == Signal.Kind.TRAFFIC;
  }
}
