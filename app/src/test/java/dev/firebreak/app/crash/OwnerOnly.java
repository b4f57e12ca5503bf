package dev.firebreak.app.crash;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Whether files and directories are for their owner alone. */
final class OwnerOnly {
  private OwnerOnly() {}

  /** What of a directory is for others too, itself included, each with its permissions. */
  static List<String> others(Path directory) throws IOException {
    List<String> forOthers = new ArrayList<>();
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path path : all.toList()) {
        String permissions = PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
        if (!permissions.equals(Files.isDirectory(path) ? "rwx------" : "rw-------")) {
          forOthers.add(directory.relativize(path) + " " + permissions);
        }
      }
    }
    return forOthers;
  }
}
