package dev.firebreak.injector.process;

import static dev.firebreak.fault.Parameter.Type.INTEGER;
import static dev.firebreak.fault.Parameter.Type.TEXT;

import dev.firebreak.fault.FaultDescription;
import dev.firebreak.fault.FaultId;
import dev.firebreak.fault.FaultInjector;
import dev.firebreak.fault.FaultKind;
import dev.firebreak.fault.FaultPlan;
import dev.firebreak.fault.FaultRequest;
import dev.firebreak.fault.InjectionException;
import dev.firebreak.fault.Observation;
import dev.firebreak.fault.Parameter;
import dev.firebreak.fault.RollbackException;
import dev.firebreak.fault.Undo;
import dev.firebreak.injector.process.ProcessEntry.State;
import dev.firebreak.injector.process.Signals.Signal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/**
 * Pauses or kills a process of this machine that belongs to the same user. A process is known by
 * its pid, its start and the boot of the system; whoever else has the pid is never touched.
 */
public final class ProcessInjector implements FaultInjector {
  /** Stops a process and lets it go on at the rollback. */
  public static final FaultKind PAUSE = FaultKind.of("process/pause");

  /** Ends a process, for something else to start it again. Cannot be undone. */
  public static final FaultKind KILL = FaultKind.of("process/kill");

  /** A process that was started again must live so long to count: some die again at once. */
  private static final Duration SETTLED = Duration.ofSeconds(5);

  /** A signal works at once, unless the process is in the middle of a system call. */
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(1);

  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(2);

  private final ProcessTable table;
  private final Signals signals;

  public ProcessInjector() {
    this(systemTable(), Signals.ofSystem());
  }

  ProcessInjector(ProcessTable table, Signals signals) {
    this.table = table;
    this.signals = signals;
  }

  private static ProcessTable systemTable() {
    Path proc = Path.of("/proc");
    return Files.isReadable(proc.resolve("self/stat"))
        ? new ProcFiles(proc)
        : new PortableTable(InstantSource.system());
  }

  @Override
  public List<FaultDescription> faults() {
    List<Parameter> target =
        List.of(
            Parameter.optional(Finder.PID, INTEGER, "the process itself"),
            Parameter.optional(Finder.PID_FILE, TEXT, "a file that holds its pid"),
            Parameter.optional(
                Finder.COMMAND, TEXT, "a part of its command line that no other process has"));
    return List.of(
        new FaultDescription(PAUSE, "stops a process (SIGSTOP)", target, List.of(), true),
        new FaultDescription(
            KILL,
            "kills a process that something starts again; cannot be undone",
            target,
            List.of(
                Parameter.choice(
                    "signal", false, "KILL unless said otherwise", List.of("KILL", "TERM"))),
            false));
  }

  @Override
  public FaultPlan plan(FaultId id, FaultRequest request) throws InjectionException {
    try {
      Finder finder = Finder.read(request.target());
      Signal signal = signal(request);
      Set<Long> own = ownFamily();
      ProcessEntry entry = finder.findOne(table, candidate -> !own.contains(candidate.pid()));
      requireAllowed(entry, own);
      Map<String, String> resolved = new TreeMap<>(finder.forReplacement(entry));
      resolved.put("signal", signal.name());
      entry.identity().putInto(resolved);
      return new FaultPlan(id, request, describe(entry), resolved);
    } catch (IllegalArgumentException | IOException e) {
      throw refused(e);
    }
  }

  private static Signal signal(FaultRequest request) {
    if (request.kind().equals(PAUSE)) {
      return Signal.STOP;
    }
    String name = request.with().getOrDefault("signal", "KILL");
    return switch (name) {
      case "KILL" -> Signal.KILL;
      case "TERM" -> Signal.TERM;
      default ->
          throw new IllegalArgumentException(
              "signal is \"" + name + "\"; allowed are KILL and TERM");
    };
  }

  /** This process, its parent, its parent's parent and so on. */
  private Set<Long> ownFamily() throws IOException {
    Set<Long> family = new HashSet<>();
    long pid = ProcessHandle.current().pid();
    while (pid > 0 && family.add(pid)) {
      pid = table.find(pid).map(ProcessEntry::parent).orElse(0L);
    }
    return family;
  }

  private void requireAllowed(ProcessEntry entry, Set<Long> own) throws IOException {
    if (entry.pid() <= 1) {
      throw new IllegalArgumentException("pid " + entry.pid() + " runs the system");
    }
    if (own.contains(entry.pid())) {
      throw new IllegalArgumentException(
          "pid " + entry.pid() + " is Firebreak itself, or what started it");
    }
    if (entry.commandLine().isEmpty()) {
      throw new IllegalArgumentException("pid " + entry.pid() + " is a thread of the kernel");
    }
    String self =
        table
            .find(ProcessHandle.current().pid())
            .map(ProcessEntry::owner)
            .orElseThrow(() -> new IOException("this process does not see itself"));
    if (!entry.owner().equals(self)) {
      throw new IllegalArgumentException(
          "pid %d belongs to the user %s, Firebreak runs as %s"
              .formatted(entry.pid(), entry.owner(), self));
    }
  }

  private static InjectionException refused(Exception e) {
    return InjectionException.refused(String.valueOf(e.getMessage()), e);
  }

  private String describe(ProcessEntry entry) throws IOException {
    long seconds = (table.nowMillis() - entry.identity().startedMillis()) / 1000;
    String program = entry.commandLine().split(" ", 2)[0];
    return "pid %d (%s), up for %d s".formatted(entry.pid(), program, seconds);
  }

  @Override
  public Undo arm(FaultPlan plan) throws InjectionException {
    try {
      ProcessEntry entry = stillThere(ProcessIdentity.read(plan.resolved()));
      if (entry.state() == State.STOPPED || entry.state() == State.TRACED) {
        throw new IllegalArgumentException(
            "somebody else has stopped pid " + entry.pid() + " already");
      }
      Map<String, String> data = new TreeMap<>(plan.resolved());
      data.put("armed", Long.toString(table.nowMillis()));
      return new Undo(plan.id(), plan.request().kind(), data);
    } catch (IllegalArgumentException | IOException e) {
      throw refused(e);
    }
  }

  private ProcessEntry stillThere(ProcessIdentity identity) throws IOException {
    return table
        .find(identity)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "pid " + identity.pid() + " is gone, or belongs to another process now"));
  }

  @Override
  public void start(FaultPlan plan, Undo undo) throws InjectionException {
    ProcessIdentity identity;
    Signal signal;
    try {
      signal = signal(plan.request());
      identity = stillThere(ProcessIdentity.read(undo.data())).identity();
      signals.send(identity.pid(), signal);
    } catch (ShortCommand.LateException e) {
      throw InjectionException.ambiguous(String.valueOf(e.getMessage()), e);
    } catch (IllegalArgumentException | IOException e) {
      throw refused(e);
    }
    requireEffect(identity, signal);
  }

  /** A process takes its time to end in good order: the looks will see that. */
  private void requireEffect(ProcessIdentity identity, Signal signal) throws InjectionException {
    boolean stops = signal == Signal.STOP;
    try {
      if (signal != Signal.TERM
          && !await(identity, seen -> seen.isEmpty() || (stops && stopped(seen.get())))) {
        throw InjectionException.ambiguous(
            "pid %d was sent SIG%s and still runs".formatted(identity.pid(), signal), null);
      }
    } catch (IOException e) {
      throw InjectionException.ambiguous(
          "pid %d was sent SIG%s and cannot be seen: %s"
              .formatted(identity.pid(), signal, e.getMessage()),
          e);
    }
  }

  private static boolean stopped(ProcessEntry entry) {
    return entry.state() == State.STOPPED;
  }

  /** Whether it came about within a second. */
  private boolean await(ProcessIdentity identity, Predicate<Optional<ProcessEntry>> wanted)
      throws IOException {
    long start = System.nanoTime();
    while (!wanted.test(table.find(identity))) {
      if (System.nanoTime() - start > LONGEST_WAIT.toNanos() || Thread.interrupted()) {
        return false;
      }
      LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
    }
    return true;
  }

  /**
   * Lets a paused process go on. The signal is sent although the process is not seen to be stopped:
   * it takes back a stop that is pending, and does nothing else to a process that runs.
   */
  @Override
  public void rollBack(Undo undo) throws RollbackException {
    try {
      ProcessIdentity identity = ProcessIdentity.read(undo.data());
      if (undo.kind().equals(KILL) || table.find(identity).isEmpty()) {
        return;
      }
      signals.send(identity.pid(), Signal.CONT);
      if (!await(identity, seen -> seen.isEmpty() || !stopped(seen.get()))) {
        throw new RollbackException(
            "pid " + identity.pid() + " was sent SIGCONT and does not go on");
      }
    } catch (IllegalArgumentException | IOException e) {
      throw new RollbackException(String.valueOf(e.getMessage()), e);
    }
  }

  @Override
  public Observation look(Undo undo) {
    try {
      ProcessIdentity identity = ProcessIdentity.read(undo.data());
      Optional<ProcessEntry> entry = table.find(identity);
      return undo.kind().equals(KILL)
          ? lookForKilled(undo, identity, entry.isPresent())
          : lookForPaused(identity, entry);
    } catch (IllegalArgumentException | IOException e) {
      return Observation.unknown(String.valueOf(e.getMessage()));
    }
  }

  private static Observation lookForPaused(ProcessIdentity identity, Optional<ProcessEntry> entry) {
    if (entry.isEmpty()) {
      return Observation.gone(
          "pid %d is gone, or belongs to another process now".formatted(identity.pid()));
    }
    String pid = "pid " + identity.pid();
    return switch (entry.get().state()) {
      case STOPPED -> Observation.present(pid + " is stopped");
      case RUNNING, DEAD -> Observation.gone(pid + " runs");
      case TRACED -> Observation.unknown(pid + " is held by a debugger");
      case UNINTERRUPTIBLE ->
          Observation.unknown(pid + " is in a system call that no signal interrupts");
    };
  }

  private Observation lookForKilled(Undo undo, ProcessIdentity identity, boolean alive)
      throws IOException {
    if (alive) {
      return Observation.gone("pid " + identity.pid() + " runs, it was not killed");
    }
    long armed = armed(undo);
    Optional<ProcessEntry> next = Finder.ofReplacement(undo.data()).findReplacement(table, armed);
    if (next.isEmpty()) {
      return Observation.present("pid " + identity.pid() + " is gone and nothing has replaced it");
    }
    long age = table.nowMillis() - next.get().identity().startedMillis();
    String evidence =
        "pid %d is gone, pid %d has replaced it for %.1f s"
            .formatted(identity.pid(), next.get().pid(), age / 1000.0);
    return age < SETTLED.toMillis() ? Observation.present(evidence) : Observation.gone(evidence);
  }

  private static long armed(Undo undo) {
    String text = undo.data().getOrDefault("armed", "");
    if (!text.matches("[0-9]{1,18}")) {
      throw new IllegalArgumentException("the record lacks armed");
    }
    return Long.parseLong(text);
  }
}
