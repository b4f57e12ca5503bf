package dev.firebreak.fault;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** Another process, which knows nothing but an undo record and rolls back by it. */
final class RollBackElsewhere {
  private static final int DONE = 0;
  private static final int FAILED = 1;
  private static final long LONGEST_SECONDS = 60;

  private RollBackElsewhere() {}

  /** Rolls back what the arguments say: the fault's id, its kind, then keys and values in turn. */
  public static void main(String[] args) {
    Map<String, String> data = new TreeMap<>();
    for (int i = 2; i < args.length; i += 2) {
      data.put(args[i], args[i + 1]);
    }
    System.exit(rollBack(new Undo(FaultId.of(args[0]), FaultKind.of(args[1]), data)));
  }

  private static int rollBack(Undo undo) {
    List<FaultInjector> found = new ArrayList<>();
    ServiceLoader.load(FaultInjector.class).forEach(found::add);
    try {
      new Injectors(found).find(undo.kind()).orElseThrow().rollBack(undo);
      return DONE;
    } catch (RollbackException e) {
      System.out.println(e.getMessage());
      return FAILED;
    }
  }

  static Process start(Undo undo) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx64m"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(RollBackElsewhere.class.getName());
    command.addAll(List.of(undo.id().value(), undo.kind().toString()));
    undo.data().forEach((key, value) -> command.addAll(List.of(key, value)));
    return new ProcessBuilder(command).inheritIO().start();
  }

  /** Waits for its end; false if its rollback failed and has to be tried again. */
  static boolean succeeded(Process process) throws InterruptedException {
    if (!process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new IllegalStateException("a rollback does not end");
    }
    if (process.exitValue() > FAILED) {
      throw new IllegalStateException("a rollback ended with " + process.exitValue());
    }
    return process.exitValue() == DONE;
  }
}
