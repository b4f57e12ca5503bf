package dev.firebreak.run;

import dev.firebreak.cascade.CascadeDetector;
import dev.firebreak.cascade.Coverage;
import dev.firebreak.cascade.Finding;
import java.time.Instant;
import java.util.List;

/** Hands everything on, but for what a test does in between. */
class DetectorInBetween implements CascadeDetector {
  private final CascadeDetector honest;

  DetectorInBetween(CascadeDetector honest) {
    this.honest = honest;
  }

  @Override
  public void learn(Instant at, double[] values) {
    honest.learn(at, values);
  }

  @Override
  public void injected(Instant at) {
    honest.injected(at);
  }

  @Override
  public List<Finding> judge(Instant at, double[] values) {
    return honest.judge(at, values);
  }

  @Override
  public void rolledBack(Instant at) {
    honest.rolledBack(at);
  }

  @Override
  public List<Finding> findings() {
    return honest.findings();
  }

  @Override
  public boolean escaped() {
    return honest.escaped();
  }

  @Override
  public Coverage coverage() {
    return honest.coverage();
  }
}
