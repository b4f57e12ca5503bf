package dev.firebreak.app.run;

import dev.firebreak.fault.CallingInjector;
import dev.firebreak.fault.FaultDescription;
import dev.firebreak.fault.FaultId;
import dev.firebreak.fault.FaultInjector;
import dev.firebreak.fault.FaultPlan;
import dev.firebreak.fault.FaultRequest;
import dev.firebreak.fault.InjectionException;
import dev.firebreak.fault.Observation;
import dev.firebreak.fault.RollbackException;
import dev.firebreak.fault.Undo;
import dev.firebreak.service.RequestHeaders;
import java.util.List;
import java.util.function.Function;

/** An injector each of whose requests says in which span of the run it was sent. */
public final class TracedInjector implements FaultInjector {
  private final CallingInjector injector;
  private final Function<String, RequestHeaders> within;
  private final FaultInjector otherwise;

  private TracedInjector(
      CallingInjector injector, Function<String, RequestHeaders> within, String otherwise) {
    this.injector = injector;
    this.within = within;
    this.otherwise = injector.calling(within.apply(otherwise));
  }

  /**
   * The injector as it is, if it sends no requests.
   *
   * @param within the headers of requests within the span for a purpose
   * @param otherwise the purpose of the span for what is neither a start nor an undo
   */
  public static FaultInjector of(
      FaultInjector injector, Function<String, RequestHeaders> within, String otherwise) {
    return injector instanceof CallingInjector calling
        ? new TracedInjector(calling, within, otherwise)
        : injector;
  }

  @Override
  public List<FaultDescription> faults() {
    return injector.faults();
  }

  @Override
  public FaultPlan plan(FaultId id, FaultRequest request) throws InjectionException {
    return otherwise.plan(id, request);
  }

  @Override
  public Undo arm(FaultPlan plan) throws InjectionException {
    return otherwise.arm(plan);
  }

  @Override
  public void start(FaultPlan plan, Undo undo) throws InjectionException {
    injector.calling(within.apply("inject/" + plan.id())).start(plan, undo);
  }

  @Override
  public void rollBack(Undo undo) throws RollbackException {
    injector.calling(within.apply("rollback/" + undo.id())).rollBack(undo);
  }

  @Override
  public Observation look(Undo undo) {
    return otherwise.look(undo);
  }
}
