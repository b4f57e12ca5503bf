package dev.firebreak.app.cli;

import dev.firebreak.app.cli.LiveState.Change;
import dev.firebreak.app.cli.Terminal.Style;
import dev.firebreak.cascade.DegradationClass;
import dev.firebreak.experiment.Experiment;
import dev.firebreak.run.Phase;
import dev.firebreak.run.RunEvent;
import dev.firebreak.run.RunListener;
import dev.firebreak.service.ServiceName;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * A run on a terminal: what happened as lines that stay, and below them a block that is drawn again
 * as things change: the phase and the time left, the services inside and outside, the worst series.
 */
final class LiveView implements RunListener, AutoCloseable {
  private static final Duration REDRAW = Duration.ofMillis(500);
  private static final int BAR = 20;

  private final Terminal terminal;
  private final Experiment experiment;
  private final InstantSource clock;
  private final EventSentences sentences;
  private final LiveState state = new LiveState();
  private int drawn;
  private boolean closed;

  /** Draws until closed; {@code timer} only wakes it. */
  LiveView(
      Terminal terminal,
      Experiment experiment,
      InstantSource clock,
      ScheduledExecutorService timer) {
    this.terminal = terminal;
    this.experiment = experiment;
    this.clock = clock;
    this.sentences = new EventSentences(terminal);
    var unused =
        timer.scheduleAtFixedRate(
            this::redraw, REDRAW.toMillis(), REDRAW.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public synchronized void on(RunEvent event) {
    state.take(event);
    Optional<String> line = sentences.line(event);
    if (line.isPresent()) {
      erase();
      terminal.line(line.get());
      draw();
    }
  }

  private synchronized void redraw() {
    if (!closed) {
      erase();
      draw();
    }
  }

  @Override
  public synchronized void close() {
    erase();
    terminal.out().flush();
    closed = true;
  }

  private void erase() {
    if (drawn > 0) {
      terminal.out().print("\u001b[" + drawn + "A\r\u001b[J");
      drawn = 0;
    }
  }

  private void draw() {
    if (closed || state.opened().isEmpty() || state.phase() == Phase.CLOSED) {
      return;
    }
    List<String> block = block();
    // A line that wrapped would be two when the block is erased.
    terminal.out().print("\u001b[?7l");
    block.forEach(terminal.out()::println);
    terminal.out().print("\u001b[?7h");
    terminal.out().flush();
    drawn = block.size();
  }

  private List<String> block() {
    List<String> lines = new ArrayList<>();
    lines.add("");
    lines.add(phaseLine());
    for (ServiceName service : state.services()) {
      lines.add(serviceLine(service));
    }
    state.worst().ifPresent(worst -> lines.add(worstLine(worst)));
    lines.add(terminal.styled(Style.FAINT, "Ctrl-C halts the run and rolls back"));
    return lines;
  }

  private String phaseLine() {
    Duration spent = Duration.between(state.phaseStart(), clock.instant());
    String phase = terminal.styled(Style.BOLD, "%-9s".formatted(state.phase()));
    return planned(state.phase())
        .map(planned -> phase + bar(spent, planned) + left(spent, planned))
        .orElseGet(() -> phase + " " + Sentences.clock(spent));
  }

  private Optional<Duration> planned(Phase phase) {
    return switch (phase) {
      case BASELINE -> Optional.of(experiment.timing().baseline());
      case OBSERVE -> Optional.of(experiment.longestFault());
      case RECOVERY -> Optional.of(experiment.timing().recovery());
      case PREFLIGHT, INJECT, ROLLBACK, CLOSED -> Optional.empty();
    };
  }

  private static String bar(Duration spent, Duration planned) {
    long share = BAR * spent.toMillis() / Math.max(1, planned.toMillis());
    int full = (int) Math.max(0, Math.min(BAR, share));
    return " " + "█".repeat(full) + "░".repeat(BAR - full);
  }

  private static String left(Duration spent, Duration planned) {
    Duration left = planned.minus(spent);
    return "  " + Sentences.clock(left.isNegative() ? Duration.ZERO : left) + " left";
  }

  private String serviceLine(ServiceName service) {
    boolean inside = state.isInside(service);
    String place = inside ? terminal.styled(Style.INJECTED, "inside ") : "outside";
    return "%s  %-20s %s %s %s  %s"
        .formatted(
            place,
            service,
            cell("p95", state.change(service, "http.latency.p95")),
            cell("errors", state.change(service, "http.error-ratio")),
            cell("rate", state.change(service, "http.rate")),
            health(service));
  }

  private static String cell(String title, Optional<Change> change) {
    String value =
        change
            .filter(known -> Double.isFinite(known.latest()))
            .map(known -> Sentences.value(known.series().signal().kind(), known.latest()))
            .orElse("–");
    return "%s %-9s".formatted(title, value);
  }

  private String health(ServiceName service) {
    Optional<DegradationClass> degradation = state.degradation(service);
    if (degradation.isEmpty()) {
      return terminal.styled(Style.GOOD, "●") + " well";
    }
    Style style =
        switch (degradation.get()) {
          case INJECTED -> Style.INJECTED;
          case EXPECTED -> Style.WARNING;
          case ESCAPED -> Style.BAD;
          case UNRELATED -> Style.FAINT;
        };
    return terminal.styled(style, "▲ " + degradation.get());
  }

  private static String worstLine(Change worst) {
    return String.format(
        Locale.ROOT, "worst outside: %s, %.1f× its baseline", worst.series(), worst.factor());
  }
}
