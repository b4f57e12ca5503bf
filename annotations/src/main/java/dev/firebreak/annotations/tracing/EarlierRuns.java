package dev.firebreak.annotations.tracing;

import dev.firebreak.run.RunEvent.RunOpened;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers, in a file per GameDay, which run of it was the last and whether it came to its end. A
 * link is a convenience: what cannot be written or read is no link and no failure. For any thread.
 */
final class EarlierRuns {
  private static final Logger LOG = LoggerFactory.getLogger(EarlierRuns.class);
  private static final Pattern LINE = Pattern.compile("([0-9a-f]{32}) (open|closed)");

  private final Path directory;

  EarlierRuns(Path directory) {
    this.directory = directory;
  }

  /** What became of a run, as far as a later one can know. */
  enum End {
    /** It was closed. */
    PREVIOUS_RUN,
    /** Its process ended before it did. */
    INTERRUPTED_RUN;

    String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** The last run of a GameDay. */
  record Earlier(String traceId, End end) {}

  /** The run before this one, which is the last from here on. */
  Optional<Earlier> opened(RunOpened run) {
    Optional<Earlier> earlier = last(run.gameDay());
    write(run, "open");
    return earlier.filter(found -> !found.traceId().equals(run.traceId()));
  }

  /** The run came to its end. */
  void closed(RunOpened run) {
    write(run, "closed");
  }

  private Optional<Earlier> last(String gameDay) {
    try {
      Path file = file(gameDay);
      if (!Files.exists(file)) {
        return Optional.empty();
      }
      Matcher line = LINE.matcher(Files.readString(file).strip());
      return line.matches()
          ? Optional.of(
              new Earlier(
                  line.group(1),
                  line.group(2).equals("closed") ? End.PREVIOUS_RUN : End.INTERRUPTED_RUN))
          : Optional.empty();
    } catch (IOException e) {
      LOG.debug("no link to the run before gameday={}", gameDay, e);
      return Optional.empty();
    }
  }

  /** In one step: a process that dies here leaves the line that was there. */
  private void write(RunOpened run, String state) {
    try {
      Files.createDirectories(directory);
      Path whole = Files.createTempFile(directory, "run", ".new");
      Files.writeString(whole, run.traceId() + " " + state + "\n");
      Files.move(
          whole,
          file(run.gameDay()),
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      LOG.debug("the next run will have no link to this one run={}", run.runId(), e);
    }
  }

  /** A name may hold what a file's name may not. */
  private Path file(String gameDay) {
    return directory.resolve(
        UUID.nameUUIDFromBytes(gameDay.getBytes(StandardCharsets.UTF_8)).toString());
  }
}
