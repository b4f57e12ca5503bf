package dev.firebreak.injector.process;

import dev.firebreak.injector.process.ProcessEntry.State;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The process table where there is no {@code /proc}, by what Java and {@code ps} tell; its clock is
 * the wall clock.
 */
final class PortableTable implements ProcessTable {
  private final InstantSource clock;

  PortableTable(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public Optional<ProcessEntry> find(long pid) throws IOException {
    Optional<ProcessHandle> handle = ProcessHandle.of(pid);
    return handle.isEmpty() ? Optional.empty() : read(handle.get());
  }

  private static Optional<ProcessEntry> read(ProcessHandle handle) throws IOException {
    ProcessHandle.Info info = handle.info();
    Optional<Instant> started = info.startInstant();
    Optional<State> state = state(handle.pid());
    if (state.isEmpty()) {
      return Optional.empty();
    }
    if (started.isEmpty()) {
      throw new IOException("the system does not tell when pid " + handle.pid() + " started");
    }
    return Optional.of(
        new ProcessEntry(
            new ProcessIdentity(handle.pid(), started.get().toEpochMilli(), "any"),
            handle.parent().map(ProcessHandle::pid).orElse(0L),
            info.user().orElse("unknown"),
            state.get(),
            info.commandLine().or(info::command).orElse("")));
  }

  private static Optional<State> state(long pid) throws IOException {
    ShortCommand.Result told =
        ShortCommand.run(List.of("ps", "-o", "stat=", "-p", Long.toString(pid)));
    String letters = told.output().strip();
    return letters.isEmpty() ? Optional.empty() : Optional.of(State.of(letters.charAt(0)));
  }

  @Override
  public List<ProcessEntry> all() throws IOException {
    List<ProcessEntry> found = new ArrayList<>();
    for (ProcessHandle handle : ProcessHandle.allProcesses().toList()) {
      if (handle.info().commandLine().isPresent()) {
        read(handle).ifPresent(found::add);
      }
    }
    return found;
  }

  @Override
  public long nowMillis() {
    return clock.millis();
  }
}
