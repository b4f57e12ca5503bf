package dev.firebreak.example.flag;

import dev.firebreak.fault.FaultDescription;
import dev.firebreak.fault.FaultId;
import dev.firebreak.fault.FaultInjector;
import dev.firebreak.fault.FaultKind;
import dev.firebreak.fault.FaultPlan;
import dev.firebreak.fault.FaultRequest;
import dev.firebreak.fault.InjectionException;
import dev.firebreak.fault.Observation;
import dev.firebreak.fault.Parameter;
import dev.firebreak.fault.RollbackException;
import dev.firebreak.fault.Undo;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Creates a flag file that a service looks for, such as {@code /run/payments/maintenance}, and
 * removes it again. The file holds the fault's id, which is how its owner is known.
 */
public final class FlagFileInjector implements FaultInjector {
  /** The one fault that it offers. */
  public static final FaultKind FLAG = FaultKind.of("file/flag");

  private static final String PATH = "path";

  /** Longer files are somebody else's. */
  private static final int LONGEST_MARK = 200;

  @Override
  public List<FaultDescription> faults() {
    return List.of(
        new FaultDescription(
            FLAG,
            "creates a flag file that the service reads",
            List.of(
                Parameter.required(
                    PATH, Parameter.Type.TEXT, "the file to create, in a directory that exists")),
            List.of(),
            true));
  }

  /** Reads only: a dry run ends here. */
  @Override
  public FaultPlan plan(FaultId id, FaultRequest request) throws InjectionException {
    String given = request.target().getOrDefault(PATH, "");
    if (given.isBlank()) {
      throw InjectionException.refused("target.path is missing: give the file to create");
    }
    Path file = Path.of(given).toAbsolutePath().normalize();
    Path directory = file.getParent();
    if (directory == null || !Files.isDirectory(directory)) {
      throw InjectionException.refused(
          "target.path is " + file + ", whose directory does not exist");
    }
    return new FaultPlan(id, request, file.toString(), Map.of(PATH, file.toString()));
  }

  /** Refuses what is already there, and says all that another process needs to undo this. */
  @Override
  public Undo arm(FaultPlan plan) throws InjectionException {
    Undo undo = new Undo(plan.id(), FLAG, plan.resolved());
    Path file = Path.of(plan.target());
    if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      throw InjectionException.refused(file + " exists already, and Firebreak did not create it");
    }
    return undo;
  }

  /** The file appears with all of its mark or not at all: a link does not replace a file. */
  @Override
  public void start(FaultPlan plan, Undo undo) throws InjectionException {
    Path file = Path.of(plan.target());
    try {
      Path draft = Files.createTempFile(file.getParent(), ".firebreak-", ".tmp");
      try {
        Files.writeString(draft, markOf(undo));
        Files.createLink(file, draft);
      } finally {
        Files.deleteIfExists(draft);
      }
    } catch (IOException | UnsupportedOperationException e) {
      throw failure(file, undo, e);
    }
  }

  /** Only what is certainly not there may be called refused. */
  private InjectionException failure(Path file, Undo undo, Exception e) {
    String message = file + " could not be created: " + e;
    return look(undo).presence() == Observation.Presence.GONE
        ? InjectionException.refused(message, e)
        : InjectionException.ambiguous(message, e);
  }

  /** Removes the file if it is ours. That it is not there is no failure. */
  @Override
  public void rollBack(Undo undo) throws RollbackException {
    Path file = Path.of(undo.require(PATH));
    try {
      if (read(file).filter(text -> isOurs(text, undo)).isPresent()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new RollbackException(file + " could not be removed: " + e, e);
    }
  }

  /**
   * Sees the file, not what the service makes of it: therefore never {@code PRESENT}. That the
   * fault bites must be seen in the signals of the service.
   */
  @Override
  public Observation look(Undo undo) {
    try {
      Path file = Path.of(undo.require(PATH));
      Optional<String> text = read(file);
      if (text.isEmpty()) {
        return Observation.gone(file + " does not exist");
      }
      return isOurs(text.get(), undo)
          ? Observation.inPlace(file + " exists and carries our mark")
          : Observation.gone(file + " is somebody else's");
    } catch (IOException | RollbackException e) {
      return Observation.unknown(String.valueOf(e.getMessage()));
    }
  }

  /** Empty if there is certainly no file; a file that cannot be read is not absent. */
  private static Optional<String> read(Path file) throws IOException {
    try (InputStream bytes = Files.newInputStream(file)) {
      return Optional.of(new String(bytes.readNBytes(LONGEST_MARK), StandardCharsets.UTF_8));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  private static String markOf(Undo undo) {
    return "Firebreak fault " + undo.id() + "\n";
  }

  private static boolean isOurs(String text, Undo undo) {
    return text.equals(markOf(undo));
  }
}
