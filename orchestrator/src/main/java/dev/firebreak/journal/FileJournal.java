package dev.firebreak.journal;

import dev.firebreak.run.Journal;
import dev.firebreak.run.JournalException;
import dev.firebreak.run.RunEvent;
import dev.firebreak.run.RunEvent.FaultArmed;
import dev.firebreak.run.RunEvent.InjectionSent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Set;

/**
 * A journal in one file, a line of JSON per event. When {@link #append} returns, a durable event
 * has been forced to the disk. Readable and writable by its owner alone.
 *
 * <p>The file is longer than what it holds: it is filled up with line breaks, so that on a full
 * disk a rollback can still be recorded. That room is for rollbacks alone; samples and the
 * beginning of a fault fail sooner. Closing cuts the rest off.
 *
 * <p>Every line carries the {@link Epoch} of its writer. Once one of a later epoch has fenced the
 * journal off, the beginning of a fault is refused; once it goes on with the file, everything is.
 */
public final class FileJournal implements Journal {
  /** Room for some hundred events: a halt, and the rollback of a few faults with many tries. */
  static final int RESERVE = 64 * 1024;

  private static final int EXTENSION = 256 * 1024;

  private final Path file;
  private final FileChannel channel;
  private final EventCodec codec;
  private final int epoch;
  private long nextSeq;
  private long position;
  private long allocated;

  /** Goes on behind {@code end}, with room for events as far as the file is longer. */
  private FileJournal(
      Path file, FileChannel channel, EventCodec codec, int epoch, JournalFile.Tail end)
      throws IOException {
    this.file = file;
    this.channel = channel;
    this.codec = codec;
    this.epoch = epoch;
    this.nextSeq = end.nextSeq();
    this.position = end.length();
    this.allocated = channel.size();
  }

  /**
   * Creates the journal of a run: a file which must not exist, in a directory that does.
   *
   * @throws JournalException if the file could not be created and forced to the disk
   */
  public static FileJournal create(Path file, EventCodec codec) throws JournalException {
    return create(file, codec, Epoch.RUN);
  }

  /**
   * Creates the journal of a guard or of a recovery, which do not write into the run's own.
   *
   * @param epoch of the writer, see {@link Epoch}
   * @throws JournalException if the file could not be created and forced to the disk
   */
  public static FileJournal create(Path file, EventCodec codec, int epoch) throws JournalException {
    try {
      FileChannel channel =
          FileChannel.open(
              file,
              Set.of(
                  StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE),
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      FileJournal journal = begin(file, channel, codec, epoch);
      forceDirectory(file);
      return journal;
    } catch (IOException e) {
      throw new JournalException("the journal " + file + " cannot be created: " + e, e);
    }
  }

  /** In an empty file that can be read and written. */
  static FileJournal begin(Path file, FileChannel channel, EventCodec codec, int epoch)
      throws IOException {
    JournalFile.Tail end = new JournalFile.Tail(1, epoch, JournalHead.LENGTH, false);
    FileJournal journal = new FileJournal(file, channel, codec, epoch, end);
    journal.write(JournalHead.line(epoch), 0);
    journal.allocated = JournalHead.LENGTH;
    journal.extend();
    return journal;
  }

  /**
   * Goes on with a journal that was left by another process, which must have ended: takes over the
   * room that was not used, wipes a last line that was not written to its end, keeps what is
   * damaged before it, and appends under an epoch of its own. Whoever wrote it before can write no
   * more. Needs no room on the disk.
   *
   * @throws JournalException if the file cannot be read and written
   */
  public static FileJournal reopen(Path file, EventCodec codec) throws JournalException {
    JournalFile.Tail tail = JournalFile.read(file, codec).tail();
    int epoch = Math.max(tail.epoch() + 1, Epoch.RECOVERY);
    try {
      FileChannel channel =
          FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
      if (tail.length() == 0) {
        return begin(file, channel.truncate(0), codec, epoch);
      }
      JournalFence.raise(file, epoch);
      FileJournal journal = new FileJournal(file, channel, codec, epoch, tail);
      journal.wipeRest();
      return journal;
    } catch (IOException e) {
      throw new JournalException("the journal " + file + " cannot be reopened: " + e, e);
    }
  }

  /** What is left of a torn line would be damage behind the lines that are written over it. */
  private void wipeRest() throws IOException {
    if (!endsLine()) {
      write(new byte[] {'\n'}, position);
      position++;
      allocated = Math.max(allocated, position);
    }
    if (allocated > position) {
      write(room(Math.toIntExact(allocated - position)), position);
    }
    channel.force(true);
  }

  private boolean endsLine() throws IOException {
    ByteBuffer last = ByteBuffer.allocate(1);
    return channel.read(last, position - 1) == 1 && last.get(0) == '\n';
  }

  /** A file's name is on the disk only when its directory is. */
  private static void forceDirectory(Path file) throws IOException {
    Path directory = file.toAbsolutePath().getParent();
    if (directory != null && Files.isDirectory(directory)) {
      try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }

  @Override
  public void append(RunEvent event) throws JournalException {
    byte[] line = new JournalLine(nextSeq, epoch, codec.encode(event)).encode();
    try {
      requireEpoch(event);
      makeRoom(line.length, event);
      write(line, position);
      if (event.durable()) {
        channel.force(false);
      }
    } catch (IOException e) {
      throw new JournalException("the journal " + file + " cannot be written: " + e, e);
    }
    position += line.length;
    nextSeq++;
  }

  private void requireEpoch(RunEvent event) throws IOException {
    if (replaced() || (beginsFault(event) && fenced())) {
      throw new IOException(
          "epoch %d is over: another process rolls this run back".formatted(epoch));
    }
  }

  /** Whoever goes on with the file writes where this writer would. */
  private boolean replaced() throws IOException {
    return JournalLine.epochAt(channel, position) > epoch;
  }

  /** Others inject nothing. A first line that cannot be read may say anything. */
  private boolean fenced() throws IOException {
    return epoch == Epoch.RUN && JournalHead.read(channel).orElse(Epoch.RECOVERY) > epoch;
  }

  private void makeRoom(int length, RunEvent event) throws IOException {
    if (position + length + RESERVE <= allocated) {
      return;
    }
    try {
      extend();
    } catch (IOException e) {
      if (!mayUseReserve(event) || position + length > allocated) {
        throw e;
      }
    }
  }

  /** What begins a fault needs more room than its own: that of its rollback. */
  private static boolean mayUseReserve(RunEvent event) {
    return event.durable() && !beginsFault(event);
  }

  private static boolean beginsFault(RunEvent event) {
    return event instanceof FaultArmed || event instanceof InjectionSent;
  }

  private void extend() throws IOException {
    write(room(EXTENSION), allocated);
    channel.force(true);
    allocated += EXTENSION;
  }

  private static byte[] room(int bytes) {
    byte[] filler = new byte[bytes];
    Arrays.fill(filler, (byte) '\n');
    return filler;
  }

  /** At a place of its own, so that a write which failed halfway is overwritten by the next. */
  private void write(byte[] bytes, long at) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    while (buffer.hasRemaining()) {
      channel.write(buffer, at + buffer.position());
    }
  }

  @Override
  public void close() {
    try {
      if (channel.isOpen()) {
        cutOffRoom();
        channel.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the journal " + file + " cannot be closed", e);
    }
  }

  /** The room of a file that somebody else goes on with is theirs. */
  private void cutOffRoom() throws IOException {
    if (!replaced()) {
      channel.truncate(position);
      channel.force(true);
    }
  }
}
