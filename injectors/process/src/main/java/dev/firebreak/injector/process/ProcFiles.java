package dev.firebreak.injector.process;

import dev.firebreak.injector.process.ProcessEntry.State;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The process table of Linux; its clock counts from the start of the system. See proc(5). */
final class ProcFiles implements ProcessTable {
  /** {@code USER_HZ} is 100 on every Linux, whatever the kernel's own tick is. */
  private static final long MILLIS_PER_TICK = 10;

  /** Places in {@code /proc/<pid>/stat}, counted after the command in parentheses. */
  private static final int STATE = 0;

  private static final int PARENT = 1;
  private static final int START_TIME = 19;

  private final Path root;

  ProcFiles(Path root) {
    this.root = root;
  }

  @Override
  public Optional<ProcessEntry> find(long pid) throws IOException {
    Path directory = root.resolve(Long.toString(pid));
    try {
      return Optional.of(read(pid, directory));
    } catch (IOException e) {
      // A process that ends while it is read gives "No such process", not a missing file.
      if (Files.notExists(directory)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private ProcessEntry read(long pid, Path directory) throws IOException {
    String stat = text(directory.resolve("stat"));
    String[] fields = stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ", -1);
    if (fields.length <= START_TIME) {
      throw new IOException(directory.resolve("stat") + " is not as proc(5) has it: " + stat);
    }
    return new ProcessEntry(
        new ProcessIdentity(pid, Long.parseLong(fields[START_TIME]) * MILLIS_PER_TICK, boot()),
        Long.parseLong(fields[PARENT]),
        owner(directory),
        State.of(fields[STATE].charAt(0)),
        text(directory.resolve("cmdline")).replace('\0', ' ').strip());
  }

  private static String owner(Path directory) throws IOException {
    return text(directory.resolve("status"))
        .lines()
        .filter(line -> line.startsWith("Uid:"))
        .map(line -> line.split("\\s+", -1)[1])
        .findFirst()
        .orElseThrow(() -> new IOException(directory + " tells no owner"));
  }

  private String boot() throws IOException {
    return text(root.resolve("sys/kernel/random/boot_id")).strip();
  }

  @Override
  public List<ProcessEntry> all() throws IOException {
    List<Long> pids;
    try (Stream<Path> entries = Files.list(root)) {
      pids =
          entries
              .map(entry -> String.valueOf(entry.getFileName()))
              .filter(name -> name.matches("[0-9]{1,18}"))
              .map(Long::valueOf)
              .sorted()
              .toList();
    }
    List<ProcessEntry> found = new ArrayList<>();
    for (long pid : pids) {
      find(pid).ifPresent(found::add);
    }
    return found;
  }

  @Override
  public long nowMillis() throws IOException {
    String seconds = text(root.resolve("uptime")).split(" ", -1)[0];
    return new BigDecimal(seconds).movePointRight(3).longValue();
  }

  private static String text(Path file) throws IOException {
    return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
  }
}
