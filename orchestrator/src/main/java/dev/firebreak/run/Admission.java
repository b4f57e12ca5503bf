package dev.firebreak.run;

import java.util.List;

/**
 * Decides whether a run may start at all: limits, the kill switch, other runs on the same target.
 * Called before anything is touched, on a thread that may block for a few seconds.
 */
public interface Admission {
  /** Admits every run. */
  Admission OPEN =
      new Admission() {
        @Override
        public List<String> objections(RunSpec spec) {
          return List.of();
        }

        @Override
        public List<String> objections(RunSpec spec, RunPlan plan) {
          return List.of();
        }
      };

  /** What is wrong with the file alone, one sentence each; its targets are not asked then. */
  List<String> objections(RunSpec spec);

  /** What is wrong once targets and signals are known, one sentence each. */
  List<String> objections(RunSpec spec, RunPlan plan);
}
