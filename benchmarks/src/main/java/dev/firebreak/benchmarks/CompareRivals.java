package dev.firebreak.benchmarks;

import dev.firebreak.app.replay.CaseException;
import dev.firebreak.app.replay.Replay;
import dev.firebreak.cascade.CascadeDetectorFactory;
import dev.firebreak.cascade.CascadeDetectors;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Replays cases with Firebreak's detector and with each rival. Arguments: a folder for the results,
 * one file {@code <detector>.jsonl} each, then the folders of the cases.
 */
public final class CompareRivals {
  private CompareRivals() {}

  /** Writes what each detector would have done. */
  public static void main(String[] args) throws IOException, CaseException {
    Path out = Files.createDirectories(Path.of(args[0]));
    List<Path> cases = Arrays.stream(args).skip(1).map(Path::of).toList();
    for (Map.Entry<String, CascadeDetectorFactory> each : detectors().entrySet()) {
      Replay replay = new Replay(each.getValue());
      Path file = out.resolve(each.getKey() + ".jsonl");
      try (PrintWriter lines = new PrintWriter(Files.newBufferedWriter(file))) {
        for (Path folder : cases) {
          lines.println(replay.replay(folder));
        }
      }
    }
  }

  private static Map<String, CascadeDetectorFactory> detectors() {
    Map<String, CascadeDetectorFactory> all = new LinkedHashMap<>();
    all.put("firebreak", CascadeDetectors.online());
    Rivals.all().forEach((name, maker) -> all.put(name, watch -> new RivalDetector(watch, maker)));
    return all;
  }
}
