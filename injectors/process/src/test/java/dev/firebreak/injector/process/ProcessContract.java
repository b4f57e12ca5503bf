package dev.firebreak.injector.process;

import dev.firebreak.fault.FaultInjector;
import dev.firebreak.fault.FaultInjectorContract;
import dev.firebreak.fault.FaultKind;
import dev.firebreak.fault.FaultPlan;
import dev.firebreak.fault.FaultRequest;
import dev.firebreak.fault.InjectionException;
import dev.firebreak.fault.Observation.Presence;
import dev.firebreak.fault.Undo;
import dev.firebreak.service.ServiceName;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Both faults of processes are held to the same. */
@EnabledOnOs(OS.LINUX)
abstract class ProcessContract extends FaultInjectorContract {
  private final ProcessTable table = new ProcFiles(Path.of("/proc"));
  private boolean signalsFail;
  private Behaviour behaviour = Behaviour.HONEST;
  private Victim victim;
  private Optional<Victim> foreign = Optional.empty();

  @BeforeEach
  void startVictim() throws IOException {
    victim = Victim.start();
  }

  @AfterEach
  void endVictim() {
    victim.close();
    foreign.ifPresent(Victim::close);
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
          boolean undoes = signal == Signals.Signal.CONT;
          if (signalsFail && !undoes) {
            throw new IOException("kill: not permitted");
          }
          if (behaviour != (undoes ? Behaviour.CLAIMS_UNDOS : Behaviour.CLAIMS_STARTS)) {
            Signals.ofSystem().send(pid, signal);
          }
          if (behaviour == Behaviour.LOSES_THE_ANSWER_TO_A_START && !undoes) {
            awaitEffect(pid);
            throw new ShortCommand.LateException("kill did not end in time");
          }
        });
  }

  private void awaitEffect(long pid) throws IOException {
    Optional<ProcessEntry> seen = table.find(pid);
    while (seen.isPresent() && seen.get().alive() && !isStopped(seen.get())) {
      Thread.onSpinWait();
      seen = table.find(pid);
    }
  }

  private static boolean isStopped(ProcessEntry entry) {
    return entry.state() == ProcessEntry.State.STOPPED;
  }

  @Override
  protected boolean behave(Behaviour next) {
    behaviour = next;
    return true;
  }

  @Override
  protected void restartTarget() throws Exception {
    Victim next = victim.replacement();
    victim.end();
    victim = next;
  }

  @Override
  protected void removeTarget() throws Exception {
    victim.end();
  }

  @Override
  protected Presence presenceWithoutTarget() {
    return Presence.GONE;
  }

  /** A process with the same command line, which somebody else has stopped. */
  @Override
  protected void placeForeignState() throws Exception {
    Victim twin = victim.replacement();
    foreign = Optional.of(twin);
    Signals.ofSystem().send(twin.pid(), Signals.Signal.STOP);
    awaitEffect(twin.pid());
  }

  @Override
  protected Object foreignState() throws IOException {
    ProcessEntry entry = table.find(foreign.orElseThrow().pid()).orElseThrow();
    return entry.identity() + " " + entry.state();
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
