package dev.firebreak.fault;

import java.util.List;

/**
 * What a kind of fault does and which words it takes, so that a file can be checked and help be
 * printed without the target.
 *
 * @param summary one sentence
 * @param target the words that say where to reach the target
 * @param with the words that shape the fault
 * @param reversible false for faults that cannot be undone, such as killing a process
 */
public record FaultDescription(
    FaultKind kind,
    String summary,
    List<Parameter> target,
    List<Parameter> with,
    boolean reversible) {
  public FaultDescription {
    target = List.copyOf(target);
    with = List.copyOf(with);
  }
}
