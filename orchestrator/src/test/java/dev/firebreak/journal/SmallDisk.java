package dev.firebreak.journal;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A real file system of 2 MiB, so that a real disk can be full. Only root can mount one. */
public final class SmallDisk implements AutoCloseable {
  private final Path directory;

  private SmallDisk(Path directory) {
    this.directory = directory;
  }

  /** Mounts it; the test is skipped, and says so, where that is not possible. */
  public static SmallDisk mount(Path directory) throws IOException {
    Files.createDirectories(directory);
    assumeTrue(
        succeeds("mount", "-t", "tmpfs", "-o", "size=2m,mode=700", "tmpfs", directory.toString()),
        "only root can mount a disk that is full");
    return new SmallDisk(directory);
  }

  public Path directory() {
    return directory;
  }

  /** Leaves no room. */
  public void fill() throws IOException {
    ByteBuffer block = ByteBuffer.allocate(4096);
    try (FileChannel channel =
        FileChannel.open(
            directory.resolve("filler"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      while (channel.write(block.rewind()) > 0) {
        // One more fits.
      }
    } catch (IOException e) {
      if (!String.valueOf(e.getMessage()).contains("No space left on device")) {
        throw e;
      }
    }
  }

  @Override
  public void close() throws IOException {
    // What a test left open, as a killed process would not, must not keep it.
    if (!succeeds("umount", "-l", directory.toString())) {
      throw new IOException(directory + " cannot be unmounted");
    }
  }

  private static boolean succeeds(String... command) {
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
