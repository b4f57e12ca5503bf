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
 */
public final class FileJournal implements Journal {
  /** Room for some hundred events: a halt, and the rollback of a few faults with many tries. */
  static final int RESERVE = 64 * 1024;

  private static final int EXTENSION = 256 * 1024;

  private final Path file;
  private final FileChannel channel;
  private final EventCodec codec;
  private long nextSeq;
  private long position;
  private long allocated;

  /** A journal over a channel that holds {@code position} bytes of intact lines. */
  FileJournal(Path file, FileChannel channel, EventCodec codec, long nextSeq, long position) {
    this.file = file;
    this.channel = channel;
    this.codec = codec;
    this.nextSeq = nextSeq;
    this.position = position;
    this.allocated = position;
  }

  /**
   * Creates the file, which must not exist, in a directory that does.
   *
   * @throws JournalException if the file could not be created and forced to the disk
   */
  public static FileJournal create(Path file, EventCodec codec) throws JournalException {
    try {
      FileChannel channel =
          FileChannel.open(
              file,
              Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      FileJournal journal = new FileJournal(file, channel, codec, 1, 0);
      journal.extend();
      forceDirectory(file);
      return journal;
    } catch (IOException e) {
      throw new JournalException("the journal " + file + " cannot be created: " + e, e);
    }
  }

  /**
   * Goes on with a journal that was left by another process, which must have ended: cuts off a last
   * line that was not written to its end, keeps what is damaged before it, and appends.
   *
   * @throws JournalException if the file cannot be read and written
   */
  public static FileJournal reopen(Path file, EventCodec codec) throws JournalException {
    JournalFile.Tail tail = JournalFile.read(file, codec).tail();
    try {
      FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
      if (channel.size() > tail.length()) {
        channel.truncate(tail.length());
      }
      // The last line may lack its end; an empty line more harms nobody.
      channel.write(ByteBuffer.wrap(new byte[] {'\n'}), tail.length());
      return new FileJournal(file, channel, codec, tail.nextSeq(), tail.length() + 1);
    } catch (IOException e) {
      throw new JournalException("the journal " + file + " cannot be reopened: " + e, e);
    }
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
    byte[] line = new JournalLine(nextSeq, codec.encode(event)).encode();
    try {
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
    return event.durable() && !(event instanceof FaultArmed) && !(event instanceof InjectionSent);
  }

  private void extend() throws IOException {
    byte[] filler = new byte[EXTENSION];
    Arrays.fill(filler, (byte) '\n');
    write(filler, allocated);
    channel.force(true);
    allocated += EXTENSION;
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
        channel.truncate(position);
        channel.force(true);
        channel.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the journal " + file + " cannot be closed", e);
    }
  }
}
