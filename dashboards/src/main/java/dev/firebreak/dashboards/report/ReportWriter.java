package dev.firebreak.dashboards.report;

import dev.firebreak.report.RunReport;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Set;

/** Writes the files of a report. Each is whole or not there: a reader never sees half of one. */
public final class ReportWriter {
  private ReportWriter() {}

  /** Where the files are. */
  public record Written(Path json, Path html, Path junit) {}

  /**
   * Writes {@code report.json}, {@code report.html} and {@code junit.xml}, over what is there.
   *
   * @param directory is made if it is not there
   * @throws IOException if a file could not be written; those before it are in place
   */
  public static Written write(RunReport report, Path directory) throws IOException {
    Files.createDirectories(directory);
    return new Written(
        write(directory.resolve("report.json"), JsonReport.of(report)),
        write(directory.resolve("report.html"), HtmlReport.of(report)),
        write(directory.resolve("junit.xml"), JUnitReport.of(report)));
  }

  private static Path write(Path file, byte[] content) throws IOException {
    Path directory = Objects.requireNonNull(file.toAbsolutePath().getParent());
    Path half =
        Files.createTempFile(
            directory,
            "." + file.getFileName(),
            ".tmp",
            PosixFilePermissions.asFileAttribute(permissionsIn(directory)));
    try {
      force(half, content);
      Files.move(half, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(half);
    }
    return file;
  }

  /** Others may read a report where they may read the directory: a run's own is private. */
  private static Set<PosixFilePermission> permissionsIn(Path directory) throws IOException {
    boolean shared =
        Files.getPosixFilePermissions(directory).contains(PosixFilePermission.OTHERS_READ);
    return PosixFilePermissions.fromString(shared ? "rw-r--r--" : "rw-------");
  }

  /** On the disk before it gets its name: a crash must not leave an empty report. */
  private static void force(Path file, byte[] content) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      ByteBuffer buffer = ByteBuffer.wrap(content);
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
      channel.force(true);
    }
  }
}
