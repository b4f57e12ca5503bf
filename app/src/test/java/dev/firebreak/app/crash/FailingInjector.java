package dev.firebreak.app.crash;

import dev.firebreak.fault.FaultDescription;
import dev.firebreak.fault.FaultId;
import dev.firebreak.fault.FaultInjector;
import dev.firebreak.fault.FaultPlan;
import dev.firebreak.fault.FaultRequest;
import dev.firebreak.fault.InjectionException;
import dev.firebreak.fault.Observation;
import dev.firebreak.fault.RollbackException;
import dev.firebreak.fault.Undo;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A real injector with a fail point before and after each call; a look is a verification once an
 * undo was done.
 */
record FailingInjector(FaultInjector real, FailPoint point, AtomicBoolean undone)
    implements FaultInjector {
  FailingInjector(FaultInjector real, FailPoint point) {
    this(real, point, new AtomicBoolean());
  }

  @Override
  public List<FaultDescription> faults() {
    return real.faults();
  }

  @Override
  public FaultPlan plan(FaultId id, FaultRequest request) throws InjectionException {
    point.pass("before plan");
    FaultPlan plan = real.plan(id, request);
    point.pass("after plan");
    return plan;
  }

  @Override
  public Undo arm(FaultPlan plan) throws InjectionException {
    point.pass("before arm");
    Undo undo = real.arm(plan);
    point.pass("after arm");
    return undo;
  }

  @Override
  public void start(FaultPlan plan, Undo undo) throws InjectionException {
    point.pass("before start");
    real.start(plan, undo);
    point.pass("after start");
  }

  @Override
  public void rollBack(Undo undo) throws RollbackException {
    point.pass("before undo");
    real.rollBack(undo);
    undone.set(true);
    point.pass("after undo");
  }

  @Override
  public Observation look(Undo undo) {
    String look = undone.get() ? "verifying" : "look";
    point.pass("before " + look);
    Observation seen = real.look(undo);
    point.pass("after " + look);
    return seen;
  }
}
