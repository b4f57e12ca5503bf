package dev.firebreak.app.cli;

import dev.firebreak.app.Wiring;
import dev.firebreak.app.run.Gates;
import dev.firebreak.experiment.Experiment;
import dev.firebreak.experiment.GameDay;
import dev.firebreak.probe.MetricSource;
import dev.firebreak.run.Outcome;
import dev.firebreak.run.Planner;
import dev.firebreak.run.RunPlan;
import dev.firebreak.run.RunSpec;
import dev.firebreak.run.Trigger;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** A dry run: what a run would do, with everything resolved and nothing touched. */
@Command(
    name = "plan",
    description = "Resolve targets, signals and fire times; reads only, injects nothing.",
    footer = {
      "",
      "Exit status: 0 it could run, 2 the file is wrong, 5 a precondition does not hold.",
      "",
      "Example:",
      "  firebreak plan gamedays/checkout.yaml"
    })
final class PlanCommand implements Callable<Integer> {
  private final Wiring wiring;

  @Mixin private Selection selection = new Selection();

  PlanCommand(Wiring wiring) {
    this.wiring = wiring;
  }

  @Override
  public Integer call() throws Exception {
    Optional<Selection.Chosen> chosen = selection.read(wiring);
    if (chosen.isEmpty()) {
      return ExitCode.USAGE;
    }
    GameDay gameDay = chosen.get().gameDay();
    PlanText text = new PlanText(wiring.terminal());
    text.gameDay(gameDay, wiring.clock().instant());
    boolean runnable = true;
    for (Experiment each : chosen.get().experiments()) {
      RunPlan plan = plan(gameDay, each);
      text.experiment(each, gameDay.telemetry().callGraph(), plan);
      runnable &= plan.runnable();
    }
    text.injectors(wiring.injectors());
    return runnable ? ExitCode.HELD : ExitCode.of(Outcome.REFUSED);
  }

  private RunPlan plan(GameDay gameDay, Experiment each) throws Exception {
    RunSpec spec = wiring.experimentRunner().specify(gameDay, each, Trigger.MANUAL);
    try (Gates.Gate gate = wiring.gates().gate(List.of());
        MetricSource source = wiring.metricSource(gameDay.telemetry())) {
      List<String> objections = gate.objections(spec);
      if (!objections.isEmpty()) {
        return RunPlan.refused(gameDay.telemetry().callGraph(), objections);
      }
      RunPlan plan = new Planner(wiring.injectors()).plan(spec, source);
      return plan.hinderedBy(gate.objections(spec, plan));
    }
  }
}
