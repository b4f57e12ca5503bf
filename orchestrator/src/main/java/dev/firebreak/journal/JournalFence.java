package dev.firebreak.journal;

import dev.firebreak.run.JournalException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.OptionalInt;

/**
 * Keeps the process that writes a journal from adding a fault to it, however alive it is: from now
 * on {@link FileJournal#append} refuses it what comes before an injection.
 */
public final class JournalFence {
  private JournalFence() {}

  /**
   * Lets nobody of a lower epoch inject any more. Writes in place and forces nothing: it is meant
   * for processes of this machine. A journal from before there were epochs cannot be fenced.
   *
   * @param epoch of the caller, see {@link Epoch}
   * @throws JournalException if the file cannot be read and written
   */
  public static void raise(Path journal, int epoch) throws JournalException {
    try (FileChannel file =
        FileChannel.open(journal, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      OptionalInt found = JournalHead.read(file);
      if (found.isPresent() && found.getAsInt() < epoch) {
        int unused = file.write(ByteBuffer.wrap(JournalHead.line(epoch)), 0);
      }
    } catch (IOException e) {
      throw new JournalException("the journal " + journal + " cannot be fenced: " + e, e);
    }
  }
}
