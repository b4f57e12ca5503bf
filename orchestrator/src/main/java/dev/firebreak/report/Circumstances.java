package dev.firebreak.report;

import dev.firebreak.cascade.Finding;
import dev.firebreak.probe.Change;
import dev.firebreak.probe.Quantity;
import dev.firebreak.run.RunEvent;
import dev.firebreak.run.RunEvent.SystemChanged;
import dev.firebreak.service.ServiceName;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The restarts and deploys of a run, to be told beside the degradations that they may explain. They
 * explain nothing for certain and change no verdict: the reader has to know of them.
 *
 * @param changes in the order in which they were seen
 * @param injected the services that receive the fault
 * @param injectedAt when the first fault was sent; empty if none was, or nothing but placebos
 * @param shortly the longest time between a change and a degradation that are told together
 */
public record Circumstances(
    List<SystemChanged> changes,
    Set<ServiceName> injected,
    Optional<Instant> injectedAt,
    Duration shortly) {
  /** A JVM that warms up or a cache that fills is over it by then. */
  private static final Duration SHORTLY = Duration.ofSeconds(60);

  /** With coarse steps, what came at once may be seen a look apart, and an onset one more. */
  private static final int LOOKS = 2;

  public Circumstances {
    changes = List.copyOf(changes);
    injected = Set.copyOf(injected);
  }

  /**
   * Those of a run, or of what there is of it by now.
   *
   * @throws IllegalArgumentException if none of the events opens the run
   */
  public static Circumstances of(List<RunEvent> events) {
    return of(new Chronicle(events));
  }

  static Circumstances of(Chronicle chronicle) {
    Duration looks = chronicle.opened().samplingStep().multipliedBy(LOOKS);
    return new Circumstances(
        chronicle.all(SystemChanged.class),
        chronicle.opened().radius().inject(),
        FaultStories.isPlacebo(FaultStories.of(chronicle))
            ? Optional.empty()
            : chronicle.firstOfFault().map(RunEvent::at),
        looks.compareTo(SHORTLY) > 0 ? looks : SHORTLY);
  }

  /**
   * What was done to the degraded service around its onset, such as {@code inventory restarted 3 s
   * before it degraded, …}; empty if nothing was.
   */
  public Optional<String> of(Finding finding) {
    return nearest(finding).map(changed -> inWords(changed, finding));
  }

  /**
   * The last one before the onset. One after it counts where there is none before: a process that
   * is going down is ill before the new one can be seen. Of a deploy and the restart that comes
   * with it, the deploy tells more.
   */
  private Optional<SystemChanged> nearest(Finding finding) {
    List<SystemChanged> near =
        changes.stream()
            .filter(changed -> changed.change().service().equals(finding.service()))
            .filter(changed -> lag(changed, finding).abs().compareTo(shortly) <= 0)
            .toList();
    Comparator<SystemChanged> byTime = Comparator.comparing(SystemChanged::at);
    Comparator<SystemChanged> byKind = Comparator.comparing(changed -> changed.change().kind());
    return near.stream()
        .filter(changed -> !lag(changed, finding).isNegative())
        .max(byTime.thenComparing(byKind))
        .or(() -> near.stream().min(byTime.thenComparing(byKind.reversed())));
  }

  /** From the change to the onset; below zero if the onset came first. */
  private static Duration lag(SystemChanged changed, Finding finding) {
    return Duration.between(changed.at(), finding.onset());
  }

  private String inWords(SystemChanged changed, Finding finding) {
    Duration lag = lag(changed, finding);
    String what = event(changed.change()) + " " + when(lag);
    if (lag.isNegative()) {
      return what + ": it may be ill because of that, or that came of its being ill";
    }
    if (injectedAt.isEmpty()) {
      return what + ": that may explain it";
    }
    boolean before = changed.at().isBefore(injectedAt.get());
    String sinceInjection = seconds(Duration.between(injectedAt.get(), changed.at()).abs());
    return "%s, %s %s the injection: %s"
        .formatted(
            what,
            sinceInjection,
            before ? "before" : "after",
            meaning(before, injected.contains(finding.service())));
  }

  private String event(Change change) {
    String who = change.service() + (injected.contains(change.service()) ? " (injected)" : "");
    return who
        + " "
        + change.kind().verb()
        + (change.kind() == Change.Kind.DEPLOY ? " (" + change.detail() + ")" : "");
  }

  private static String when(Duration lag) {
    if (lag.isZero()) {
      return "just as it degraded";
    }
    return lag.isNegative()
        ? seconds(lag.abs()) + " after it began to degrade"
        : seconds(lag) + " before it degraded";
  }

  private static String meaning(boolean before, boolean injected) {
    if (injected) {
      return before
          ? "what looks like the fault may come of that"
          : "that may be the fault's own doing";
    }
    return before
        ? "that may explain it without the fault"
        : "that may explain it, and may itself come of the fault";
  }

  private static String seconds(Duration duration) {
    return Quantity.seconds(duration.toNanos() / 1e9).toString();
  }
}
