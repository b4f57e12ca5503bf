package dev.firebreak.injector.process;

import dev.firebreak.fault.FaultInjector;
import dev.firebreak.fault.FaultInjectorContract;
import dev.firebreak.fault.FaultKind;
import dev.firebreak.fault.FaultPlan;
import dev.firebreak.fault.FaultRequest;
import dev.firebreak.fault.InjectionException;
import dev.firebreak.fault.Undo;
import dev.firebreak.service.ServiceName;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Both faults of processes are held to the same. */
@EnabledOnOs(OS.LINUX)
abstract class ProcessContract extends FaultInjectorContract {
  private final ProcessTable table = new ProcFiles(Path.of("/proc"));
  private boolean signalsFail;
  private Victim victim;

  @BeforeEach
  void startVictim() throws IOException {
    victim = Victim.start();
  }

  @AfterEach
  void endVictim() {
    victim.close();
  }

  final Victim victim() {
    return victim;
  }

  final ProcessTable table() {
    return table;
  }

  abstract FaultKind kind();

  @Override
  protected FaultInjector injector() {
    return new ProcessInjector(
        table,
        (pid, signal) -> {
          if (signalsFail && signal != Signals.Signal.CONT) {
            throw new IOException("kill: not permitted");
          }
          Signals.ofSystem().send(pid, signal);
        });
  }

  @Override
  protected FaultRequest request() {
    return request(Map.of("pid", Long.toString(victim.pid())));
  }

  final FaultRequest request(Map<String, String> target) {
    return new FaultRequest(
        kind(), ServiceName.of("payments"), target, Map.of(), Duration.ofSeconds(30));
  }

  @Override
  protected FaultRequest requestForUnknownTarget() throws Exception {
    Victim other = Victim.start();
    other.end();
    return request(Map.of("command", other.command()));
  }

  @Override
  protected String unknownTarget() {
    return "in their command line have no processes; it must be exactly one";
  }

  @Override
  protected void letStartFail() {
    signalsFail = true;
  }

  final Undo start(FaultRequest request) throws InjectionException {
    FaultInjector injector = injector();
    FaultPlan plan = injector.plan(ID, request);
    Undo undo = injector.arm(plan);
    injector.start(plan, undo);
    return undo;
  }
}
