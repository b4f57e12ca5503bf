package dev.firebreak.app.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.firebreak.cascade.CascadeDetectors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The figures on recorded faults of real systems, where the recordings lie beside the project: in
 * {@code shared/bench} of a folder above it, or where {@code -Dfirebreak.bench=…} says.
 */
class RecordedFaultsTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static Optional<Path> bench() {
    String named = System.getProperty("firebreak.bench");
    if (named != null) {
      return Optional.of(Path.of(named));
    }
    return Stream.iterate(
            Path.of("").toAbsolutePath(), folder -> folder != null, folder -> folder.getParent())
        .map(folder -> folder.resolve("shared/bench"))
        .filter(Files::isDirectory)
        .findFirst();
  }

  /** How many cases of a class were halted, for a cascade with a right finding. */
  private record Figures(int cascades, int found, int contained, int quiet) {}

  private static Figures figures(String dataset) throws IOException, CaseException {
    Optional<Path> bench = bench().map(folder -> folder.resolve(dataset));
    assumeTrue(
        bench.filter(Files::isDirectory).isPresent(),
        "no recordings of " + dataset + " beside the project (set -Dfirebreak.bench)");
    List<Path> cases;
    try (Stream<Path> folders = Files.list(bench.orElseThrow())) {
      cases = folders.filter(Files::isDirectory).sorted().toList();
    }
    Replay replay = new Replay(CascadeDetectors.online());
    int cascades = 0;
    int found = 0;
    int contained = 0;
    int quiet = 0;
    for (Path folder : cases) {
      JsonNode verdict = JSON.readTree(replay.replay(folder));
      JsonNode label = JSON.readTree(folder.resolve("label.json").toFile());
      int halted = verdict.path("halted").asBoolean() ? 1 : 0;
      switch (label.path("class").asText()) {
        case "cascade" -> {
          cascades++;
          found += escapedRightly(verdict, label) ? halted : 0;
        }
        case "none" -> contained += halted;
        case "null" -> quiet += halted;
        default -> {}
      }
    }
    return new Figures(cascades, found, contained, quiet);
  }

  private static boolean escapedRightly(JsonNode verdict, JsonNode label) {
    Set<String> affected = new HashSet<>();
    label.path("affected").forEach(service -> affected.add(service.asText()));
    for (JsonNode finding : verdict.path("findings")) {
      if (finding.path("class").asText().equals("ESCAPED")
          && affected.contains(finding.path("service").asText())) {
        return true;
      }
    }
    return false;
  }

  @Test
  void findsCascadesOfOneMinuteSamplesAndHaltsNothingElse() throws Exception {
    Figures figures = figures("nezha-ob");

    assertThat(figures.found()).isGreaterThanOrEqualTo(25);
    assertThat(figures.contained()).isLessThanOrEqualTo(1);
    assertThat(figures.quiet()).isZero();
  }

  @Test
  void findsCascadesOfFiveMinuteSamplesAndHardlyHaltsAnythingElse() throws Exception {
    Figures figures = figures("petshop");

    assertThat(figures.found()).isGreaterThanOrEqualTo(13);
    assertThat(figures.quiet()).isLessThanOrEqualTo(1);
  }
}
