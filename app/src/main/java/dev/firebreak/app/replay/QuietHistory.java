package dev.firebreak.app.replay;

import dev.firebreak.experiment.Experiment;
import dev.firebreak.experiment.GameDay;
import dev.firebreak.probe.History;
import dev.firebreak.service.CallGraph;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Cuts what a source remembers into stretches in which nothing was injected. */
final class QuietHistory {
  /** A longer silence is the source's, and what comes after it another stretch. */
  private static final int LONGEST_SILENCE_SAMPLES = 3;

  /**
   * What is longer is cut: the interval of a rate draws whole stretches anew, and from a single one
   * nothing can be told about another day.
   */
  private static final Duration LONGEST_STRETCH = Duration.ofHours(1);

  private static final int GAME_DAYS_IN_STRETCH = 10;

  private final GameDay gameDay;
  private final Experiment experiment;
  private final List<Disturbance> disturbed;

  QuietHistory(GameDay gameDay, Experiment experiment, List<Disturbance> disturbed) {
    this.gameDay = gameDay;
    this.experiment = experiment;
    this.disturbed = List.copyOf(disturbed);
  }

  List<RecordedCase> stretches(History history) {
    List<RecordedCase> stretches = new ArrayList<>();
    List<History.Look> stretch = new ArrayList<>();
    int silent = 0;
    for (History.Look look : history.looks()) {
      silent = look.hasEvidence() ? 0 : silent + 1;
      if (silent > LONGEST_SILENCE_SAMPLES || isDisturbed(look)) {
        end(stretch, history, stretches);
      } else {
        stretch.add(look);
        if (stretch.size() >= longest()) {
          end(stretch, history, stretches);
        }
      }
    }
    end(stretch, history, stretches);
    return stretches;
  }

  private long longest() {
    Duration gameDays =
        experiment
            .timing()
            .baseline()
            .plus(experiment.longestFault())
            .multipliedBy(GAME_DAYS_IN_STRETCH);
    return Math.max(
        gameDays.dividedBy(gameDay.telemetry().every()),
        LONGEST_STRETCH.dividedBy(gameDay.telemetry().every()));
  }

  private boolean isDisturbed(History.Look look) {
    return disturbed.stream().anyMatch(each -> each.covers(look.at()));
  }

  private void end(List<History.Look> stretch, History history, List<RecordedCase> stretches) {
    while (!stretch.isEmpty() && !stretch.get(stretch.size() - 1).hasEvidence()) {
      stretch.remove(stretch.size() - 1);
    }
    if (!stretch.isEmpty()) {
      stretches.add(
          new RecordedCase(description(stretch, history), recording(stretch), history.series()));
    }
    stretch.clear();
  }

  private CaseDescription description(List<History.Look> stretch, History history) {
    Duration step = gameDay.telemetry().every();
    return new CaseDescription(
        gameDay.name(),
        gameDay.name(),
        Optional.empty(),
        stretch.get(0).at().getEpochSecond(),
        stretch.get(stretch.size() - 1).at().getEpochSecond(),
        step,
        callGraph(history),
        List.of(),
        1,
        experiment.halt().smallestEffect(),
        experiment.halt().falseHaltBudget());
  }

  private CallGraph callGraph(History history) {
    Set<CallGraph.Edge> edges = new HashSet<>(history.callGraph().edges());
    edges.addAll(gameDay.telemetry().callGraph().edges());
    return new CallGraph(edges);
  }

  private static Recording recording(List<History.Look> stretch) {
    return new Recording(
        List.of(),
        stretch.stream().map(look -> look.at().getEpochSecond()).toList(),
        stretch.stream().map(History.Look::values).toList());
  }
}
