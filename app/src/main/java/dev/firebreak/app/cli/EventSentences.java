package dev.firebreak.app.cli;

import dev.firebreak.app.cli.Terminal.Style;
import dev.firebreak.cascade.DegradationClass;
import dev.firebreak.cascade.Finding;
import dev.firebreak.fault.FaultId;
import dev.firebreak.fault.FaultKind;
import dev.firebreak.report.Circumstances;
import dev.firebreak.report.Confirmation;
import dev.firebreak.run.RunEvent;
import dev.firebreak.run.RunEvent.BaselineTaken;
import dev.firebreak.run.RunEvent.FaultArmed;
import dev.firebreak.run.RunEvent.FaultConfirmed;
import dev.firebreak.run.RunEvent.Halted;
import dev.firebreak.run.RunEvent.InjectionAcknowledged;
import dev.firebreak.run.RunEvent.InjectionFailed;
import dev.firebreak.run.RunEvent.InjectionSent;
import dev.firebreak.run.RunEvent.PhaseEntered;
import dev.firebreak.run.RunEvent.ProbeJudged;
import dev.firebreak.run.RunEvent.ProbeJudged.Verdict;
import dev.firebreak.run.RunEvent.RollbackAbandoned;
import dev.firebreak.run.RunEvent.RollbackAcknowledged;
import dev.firebreak.run.RunEvent.RollbackFailed;
import dev.firebreak.run.RunEvent.RollbackRequested;
import dev.firebreak.run.RunEvent.RollbackVerified;
import dev.firebreak.run.RunEvent.RunClosed;
import dev.firebreak.run.RunEvent.RunOpened;
import dev.firebreak.run.RunEvent.ServiceDegraded;
import dev.firebreak.run.RunEvent.SightLost;
import dev.firebreak.run.RunEvent.SightRegained;
import dev.firebreak.run.RunEvent.SignalsFound;
import dev.firebreak.run.RunEvent.SystemChanged;
import dev.firebreak.service.ServiceName;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Puts the events of one run into words, one line for each that a person wants to hear of. Events
 * have to be given in their order; owned by one thread.
 */
final class EventSentences {
  private final Terminal terminal;
  private final Map<Class<? extends RunEvent>, Function<RunEvent, String>> words = new HashMap<>();
  private final Map<ServiceName, DegradationClass> classes = new HashMap<>();
  private final Map<FaultId, String> faults = new HashMap<>();
  private final Set<FaultKind> kinds = new HashSet<>();
  private final Map<ServiceName, Finding> findings = new TreeMap<>();

  /** The events that {@link Circumstances} are made of. */
  private final List<RunEvent> circumstances = new ArrayList<>();

  private Set<ServiceName> injected = Set.of();
  private Optional<Instant> undoSent = Optional.empty();
  private Instant start = Instant.EPOCH;

  EventSentences(Terminal terminal) {
    this.terminal = terminal;
    tellProgress();
    tellFaults();
    tellBreaches();
  }

  /** The line for this event; empty for those that are not told, such as samples. */
  Optional<String> line(RunEvent event) {
    String sentence = words.getOrDefault(event.getClass(), untold -> "").apply(event);
    return sentence.isEmpty() ? Optional.empty() : Optional.of(stamp(event) + "  " + sentence);
  }

  private String stamp(RunEvent event) {
    double seconds = Duration.between(start, event.at()).toMillis() / 1_000.0;
    return terminal.styled(Style.FAINT, String.format(Locale.ROOT, "%6.1f s", seconds));
  }

  private <E extends RunEvent> void tell(Class<E> type, Function<E, String> sentence) {
    words.put(type, event -> sentence.apply(type.cast(event)));
  }

  private void tellProgress() {
    tell(RunOpened.class, this::opened);
    tell(PhaseEntered.class, entered -> terminal.styled(Style.BOLD, entered.phase().name()));
    tell(
        SignalsFound.class,
        found ->
            "found %d series by %s"
                .formatted(found.series().size(), String.join(", ", found.packs())));
    tell(
        BaselineTaken.class,
        taken ->
            "watching %d series of %d services outside: %s"
                .formatted(
                    taken.seriesWatched(),
                    taken.servicesWatched().size(),
                    names(taken.servicesWatched())));
    tell(
        RunClosed.class,
        closed ->
            terminal.styled(closed.outcome())
                + ": "
                + (isPlacebo() ? "placebo, nothing was injected: " : "")
                + closed.reason()
                + unconfirmed());
  }

  private String opened(RunOpened opened) {
    start = opened.at();
    injected = opened.radius().inject();
    circumstances.add(opened);
    return "run %s of \"%s\" (GameDay %s), blast radius: %s"
        .formatted(
            opened.runId(), opened.experiment(), opened.gameDay(), names(opened.radius().inject()));
  }

  private static String names(Iterable<ServiceName> services) {
    StringBuilder names = new StringBuilder();
    for (ServiceName service : services) {
      names.append(names.length() == 0 ? "" : ", ").append(service);
    }
    return names.toString();
  }

  private void tellFaults() {
    tell(FaultArmed.class, this::armed);
    tell(InjectionSent.class, this::sent);
    tell(InjectionAcknowledged.class, this::acknowledged);
    tell(
        InjectionFailed.class,
        event -> fault(event.fault()) + " could not be injected: " + event.message());
    tell(FaultConfirmed.class, event -> fault(event.fault()) + " bites: " + event.evidence());
    tell(RollbackRequested.class, this::requested);
    tell(RollbackAcknowledged.class, event -> fault(event.fault()) + " is undone");
    tell(
        RollbackFailed.class,
        event -> bad("undo of " + fault(event.fault()) + " failed: " + event.message()));
    tell(
        RollbackVerified.class,
        event ->
            terminal.styled(
                Style.GOOD,
                "rollback of " + fault(event.fault()) + " verified: " + event.evidence()));
    tell(
        RollbackAbandoned.class,
        event ->
            bad("ROLLBACK OF " + fault(event.fault()) + " IS NOT VERIFIED: " + event.message()));
  }

  /** Told under what it does; that it is armed is in the journal. */
  private String armed(FaultArmed armed) {
    String name = "%s on %s".formatted(armed.kind(), armed.service());
    kinds.add(armed.kind());
    circumstances.add(armed);
    faults.put(armed.fault(), terminal.styled(Style.INJECTED, name));
    return "";
  }

  /** That it is in place is told; when it was sent counts for what may explain a degradation. */
  private String sent(InjectionSent sent) {
    circumstances.add(sent);
    return "";
  }

  private String acknowledged(InjectionAcknowledged acknowledged) {
    return fault(acknowledged.fault())
        + (isPlacebo() ? ", a placebo: nothing was injected" : " is in place");
  }

  /** Whether nothing but placebos was armed. */
  private boolean isPlacebo() {
    return kinds.equals(Set.of(FaultKind.PLACEBO));
  }

  private String requested(RollbackRequested requested) {
    undoSent = undoSent.or(() -> Optional.of(requested.at()));
    String again = requested.attempt() == 1 ? "" : ", try " + requested.attempt();
    return "undo of " + fault(requested.fault()) + " sent" + again;
  }

  private String fault(FaultId id) {
    return faults.getOrDefault(id, id.value());
  }

  private String bad(String text) {
    return terminal.styled(Style.BAD, text);
  }

  private void tellBreaches() {
    tell(ServiceDegraded.class, degraded -> finding(degraded.finding()));
    tell(ProbeJudged.class, this::judged);
    tell(SystemChanged.class, this::changed);
    tell(SightLost.class, lost -> bad("no evidence about " + lost.detail()));
    tell(SightRegained.class, regained -> "evidence comes again");
    tell(Halted.class, this::halted);
  }

  private String halted(Halted halted) {
    boolean bySight =
        switch (halted.cause().kind()) {
          case CASCADE, HYPOTHESIS -> true;
          case BLIND, PERSON, FAULT, INTERNAL -> false;
        };
    String what = bySight && isPlacebo() ? "HALTED, a false halt of a placebo: " : "HALTED: ";
    return bad(what + halted.cause().detail());
  }

  private String judged(ProbeJudged judged) {
    String sentence = "probe \"%s\": %s".formatted(judged.probe(), judged.verdict());
    return judged.verdict() == Verdict.BREACHED
        ? terminal.styled(Style.WARNING, sentence)
        : sentence;
  }

  private String changed(SystemChanged changed) {
    circumstances.add(changed);
    return "%s%s %s: %s"
        .formatted(
            changed.change().service(),
            injected.contains(changed.change().service()) ? " (injected)" : "",
            changed.change().kind().verb(),
            changed.change().detail());
  }

  private String finding(Finding finding) {
    findings.put(finding.service(), finding);
    if (finding.recoveredAt().isPresent()) {
      return finding.service() + " recovered" + confirmed(finding);
    }
    DegradationClass before = classes.put(finding.service(), finding.degradation());
    if (before == finding.degradation()) {
      return "";
    }
    String sentence =
        "%s degraded (%s): %s%s"
            .formatted(
                finding.service(),
                finding.degradation(),
                Sentences.change(finding),
                mayBeExplainedBy(finding));
    return finding.degradation() == DegradationClass.ESCAPED ? bad(sentence) : sentence;
  }

  /** Empty before the run was opened: no radius is without a service. */
  private String mayBeExplainedBy(Finding finding) {
    return injected.isEmpty()
        ? ""
        : Circumstances.of(circumstances).of(finding).map(words -> "; " + words).orElse("");
  }

  private String confirmed(Finding finding) {
    return finding.degradation() == DegradationClass.ESCAPED && undoSent.isPresent()
        ? ", " + confirmation(finding)
        : "";
  }

  private String confirmation(Finding finding) {
    return new Confirmation(undoSent, finding.recoveredAt(), true).inWords();
  }

  /** The escapes of which the rollback says nothing, to be told at the end. */
  private String unconfirmed() {
    StringBuilder told = new StringBuilder();
    for (Finding finding : findings.values()) {
      if (finding.degradation() == DegradationClass.ESCAPED
          && finding.recoveredAt().isEmpty()
          && undoSent.isPresent()) {
        told.append("; ").append(finding.service()).append(' ').append(confirmation(finding));
      }
    }
    return told.toString();
  }
}
