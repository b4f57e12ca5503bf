package dev.firebreak.scheduler;

import dev.firebreak.experiment.Schedule;
import dev.firebreak.run.Outcome;
import dev.firebreak.run.RunId;
import dev.firebreak.scheduler.FireFile.Line;
import dev.firebreak.scheduler.FireFile.Word;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The one truth about fires: a file for each GameDay and scheduled instant, on a local disk. A fire
 * belongs to whoever creates its file, so however many processes share the directory, each fire is
 * run by one of them at most. Files are appended to, never changed or removed. Safe for use by
 * several threads.
 */
public final class FireLedger {
  private static final String WATCH = "watch";

  /** Ends a torn line so that it cannot be taken for a whole one: no line has so many tabs. */
  private static final String NEVER_SAID = "\t\t\t\n";

  private static final String RUNNING = "running.lock";

  private final Path directory;

  private FireLedger(Path directory) {
    this.directory = directory;
  }

  /**
   * Opens the ledger, creating the directory if it is not there.
   *
   * @throws LedgerException if it cannot be created
   */
  public static FireLedger open(Path directory) throws LedgerException {
    try {
      Files.createDirectories(directory);
      return new FireLedger(directory.toRealPath());
    } catch (IOException e) {
      throw new LedgerException("the ledger " + directory + " cannot be opened", e);
    }
  }

  /**
   * Adds that the fire's run has started, forced to the disk.
   *
   * @throws LedgerException if it could not be written, or the fire was never claimed
   */
  public void started(GameDayName gameDay, Instant scheduledAt, RunId run, Instant now)
      throws LedgerException {
    append(file(gameDay, scheduledAt), new Line(now, Word.STARTED, run.value()));
  }

  /**
   * Adds how the fire's run ended, forced to the disk.
   *
   * @throws LedgerException if it could not be written, or the fire was never claimed
   */
  public void ended(GameDayName gameDay, Instant scheduledAt, Outcome outcome, Instant now)
      throws LedgerException {
    append(file(gameDay, scheduledAt), new Line(now, Word.ENDED, outcome.name()));
  }

  /**
   * The newest rows of all GameDays, newest first.
   *
   * @throws LedgerException if the ledger cannot be read
   */
  public List<FireRow> last(int most) throws LedgerException {
    List<FireRow> rows = new ArrayList<>();
    for (GameDayName gameDay : gameDays()) {
      rows.addAll(last(gameDay, most));
    }
    return rows.stream()
        .sorted(
            Comparator.comparing(FireRow::scheduledAt).reversed().thenComparing(FireRow::gameDay))
        .limit(most)
        .toList();
  }

  /**
   * The newest rows of one GameDay, newest first.
   *
   * @throws LedgerException if the ledger cannot be read
   */
  public List<FireRow> last(GameDayName gameDay, int most) throws LedgerException {
    List<Instant> fires =
        names(home(gameDay)).stream()
            .flatMap(name -> FireFile.scheduledAt(name).stream())
            .sorted(Comparator.reverseOrder())
            .limit(most)
            .toList();
    List<FireRow> rows = new ArrayList<>();
    for (Instant fire : fires) {
      rows.add(read(file(gameDay, fire)).row(gameDay, fire));
    }
    return rows;
  }

  /**
   * Takes the fire for the caller, who must then say what it decides; empty if somebody else has
   * it. The claim is forced to the disk.
   */
  Optional<Claim> claim(GameDayName gameDay, Instant scheduledAt, Instant now)
      throws LedgerException {
    Path file = file(gameDay, scheduledAt);
    Optional<FileChannel> channel = create(file);
    if (channel.isEmpty()) {
      return Optional.empty();
    }
    Claim claim = new Claim(file, channel.get());
    try {
      claim.write(new Line(now, Word.CLAIMED, "by process " + ProcessHandle.current().pid()));
      force(home(gameDay));
    } catch (IOException e) {
      claim.close();
      throw new LedgerException("the fire " + file + " cannot be claimed", e);
    }
    return Optional.of(claim);
  }

  /**
   * Writes a fire down as missed; false if somebody else has it. Not forced to the disk: what is
   * lost is found missing, and missed, again.
   */
  boolean miss(GameDayName gameDay, Instant scheduledAt, String reason, Instant now)
      throws LedgerException {
    Path file = file(gameDay, scheduledAt);
    Optional<FileChannel> created = create(file);
    if (created.isEmpty()) {
      return false;
    }
    try (FileChannel channel = created.get()) {
      write(channel, new Line(now, Word.MISSED, reason));
      return true;
    } catch (IOException e) {
      throw new LedgerException("the fire " + file + " cannot be written", e);
    }
  }

  /**
   * Writes a fire down as missed whose claimant ended before it decided; others stay as they are.
   */
  void missIfUndecided(GameDayName gameDay, Instant scheduledAt, String reason, Instant now)
      throws LedgerException {
    Path file = file(gameDay, scheduledAt);
    if (read(file).undecided()) {
      append(file, new Line(now, Word.MISSED, reason));
    }
  }

  /** The right to run this GameDay; empty while somebody has it, in this process or another. */
  Optional<Occupation> occupy(GameDayName gameDay) throws LedgerException {
    Path file = home(gameDay).resolve(RUNNING);
    try {
      return Occupation.of(file);
    } catch (IOException e) {
      throw new LedgerException("the lock " + file + " cannot be taken", e);
    }
  }

  /**
   * Since when the GameDay has been watched with this very expression and zone; from now on, if it
   * was not. What another expression would have fired was never expected, so it is not missed.
   */
  Instant watch(GameDayName gameDay, Schedule schedule, Instant now) throws LedgerException {
    Optional<Instant> since = watchedSince(gameDay, schedule);
    if (since.isPresent()) {
      return since.get();
    }
    watchFrom(gameDay, schedule, now);
    return now;
  }

  /** Everything before {@code since} is accounted for. */
  void watchFrom(GameDayName gameDay, Schedule schedule, Instant since) throws LedgerException {
    Path file = home(gameDay).resolve(WATCH);
    try {
      Files.createDirectories(home(gameDay));
      Path written = Files.createTempFile(home(gameDay), WATCH, ".new");
      Files.writeString(written, watchText(schedule) + since + "\n");
      Files.move(
          written, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new LedgerException("the file " + file + " cannot be written", e);
    }
  }

  /** Forgets that the GameDay was watched; its rows stay. */
  void unwatch(GameDayName gameDay) throws LedgerException {
    Path file = home(gameDay).resolve(WATCH);
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new LedgerException("the file " + file + " cannot be removed", e);
    }
  }

  private Optional<Instant> watchedSince(GameDayName gameDay, Schedule schedule)
      throws LedgerException {
    Path file = home(gameDay).resolve(WATCH);
    try {
      String text = Files.readString(file);
      String expected = watchText(schedule);
      return text.startsWith(expected)
          ? Optional.of(Instant.parse(text.substring(expected.length()).strip()))
          : Optional.empty();
    } catch (NoSuchFileException | CharacterCodingException | DateTimeException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new LedgerException("the file " + file + " cannot be read", e);
    }
  }

  private static String watchText(Schedule schedule) {
    return schedule.cron() + "\n" + schedule.timeZone() + "\n";
  }

  private Optional<FileChannel> create(Path file) throws LedgerException {
    createHome(file);
    try {
      return Optional.of(
          FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
    } catch (FileAlreadyExistsException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new LedgerException("the fire " + file + " cannot be claimed", e);
    }
  }

  private void createHome(Path file) throws LedgerException {
    Path home = file.resolveSibling(".").normalize();
    if (Files.isDirectory(home)) {
      return;
    }
    try {
      Files.createDirectories(home);
      force(directory);
    } catch (IOException e) {
      throw new LedgerException("the directory " + home + " cannot be created", e);
    }
  }

  /** On a line of its own, also after one that its writer left torn. */
  private static void append(Path file, Line line) throws LedgerException {
    try {
      boolean torn = torn(Files.readAllBytes(file));
      try (FileChannel channel =
          FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.APPEND)) {
        if (torn) {
          channel.write(ByteBuffer.wrap(NEVER_SAID.getBytes(StandardCharsets.UTF_8)));
        }
        write(channel, line);
        channel.force(true);
      }
    } catch (IOException e) {
      throw new LedgerException("the fire " + file + " cannot be written", e);
    }
  }

  private static boolean torn(byte[] text) {
    return text.length > 0 && text[text.length - 1] != '\n';
  }

  private static void write(FileChannel channel, Line line) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(line.encode());
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
  }

  private static FireFile read(Path file) throws LedgerException {
    try {
      return FireFile.decode(Files.readAllBytes(file));
    } catch (IOException e) {
      throw new LedgerException("the fire " + file + " cannot be read", e);
    }
  }

  /** A file's name is on the disk only when its directory is. */
  private static void force(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private static List<String> names(Path directory) throws LedgerException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> String.valueOf(file.getFileName())).toList();
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (IOException | UncheckedIOException e) {
      throw new LedgerException("the ledger " + directory + " cannot be read", e);
    }
  }

  /** What else lies in the directory is none of ours. */
  private List<GameDayName> gameDays() throws LedgerException {
    return names(directory).stream()
        .flatMap(name -> GameDayName.ofDirectory(name).stream())
        .filter(gameDay -> Files.isDirectory(home(gameDay)))
        .toList();
  }

  private Path home(GameDayName gameDay) {
    return directory.resolve(gameDay.directory());
  }

  private Path file(GameDayName gameDay, Instant scheduledAt) {
    return home(gameDay).resolve(FireFile.name(scheduledAt));
  }

  /** A fire that is the caller's alone, and waits for what the caller decides. */
  static final class Claim implements AutoCloseable {
    private final Path file;
    private final FileChannel channel;

    private Claim(Path file, FileChannel channel) {
      this.file = file;
      this.channel = channel;
    }

    /** Writes the decision; when this returns it has been forced to the disk. */
    void decide(FireDecision decision, Instant now) throws LedgerException {
      try {
        write(new Line(now, Word.valueOf(decision.state().name()), decision.reason()));
      } catch (IOException e) {
        throw new LedgerException("the fire " + file + " cannot be decided", e);
      }
    }

    private void write(Line line) throws IOException {
      FireLedger.write(channel, line);
      channel.force(true);
    }

    @Override
    public void close() throws LedgerException {
      try {
        channel.close();
      } catch (IOException e) {
        throw new LedgerException("the fire " + file + " cannot be closed", e);
      }
    }
  }
}
