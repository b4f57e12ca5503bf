package dev.firebreak.journal;

import dev.firebreak.run.Journal;
import dev.firebreak.run.JournalException;
import dev.firebreak.run.RunEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * A journal in one file, a line of JSON per event. When {@link #append} returns, a durable event
 * has been forced to the disk. Readable and writable by its owner alone.
 */
public final class FileJournal implements Journal {
  private final Path file;
  private final FileChannel channel;
  private final EventCodec codec;
  private long nextSeq = 1;

  private FileJournal(Path file, FileChannel channel, EventCodec codec) {
    this.file = file;
    this.channel = channel;
    this.codec = codec;
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
      forceDirectory(file);
      return new FileJournal(file, channel, codec);
    } catch (IOException e) {
      throw new JournalException("the journal " + file + " cannot be created: " + e, e);
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
      ByteBuffer buffer = ByteBuffer.wrap(line);
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
      if (event.durable()) {
        channel.force(false);
      }
    } catch (IOException e) {
      throw new JournalException("the journal " + file + " cannot be written: " + e, e);
    }
    nextSeq++;
  }

  @Override
  public void close() {
    try {
      channel.force(true);
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException("the journal " + file + " cannot be closed", e);
    }
  }
}
