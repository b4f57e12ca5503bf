package dev.firebreak.example.flag;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.firebreak.fault.FaultInjector;
import dev.firebreak.fault.FaultInjectorContract;
import dev.firebreak.fault.FaultPlan;
import dev.firebreak.fault.FaultRequest;
import dev.firebreak.fault.Observation.Presence;
import dev.firebreak.fault.Undo;
import dev.firebreak.service.ServiceName;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class FlagFileInjectorTest extends FaultInjectorContract {
  private Path flag = Path.of("flag");

  @BeforeEach
  void chooseFile(@TempDir Path directory) {
    flag = directory.resolve("maintenance");
  }

  @Override
  protected FaultInjector injector() {
    return new FlagFileInjector();
  }

  @Override
  protected FaultRequest request() {
    return at(flag);
  }

  private static FaultRequest at(Path file) {
    return new FaultRequest(
        FlagFileInjector.FLAG,
        ServiceName.of("payments"),
        Map.of("path", file.toString()),
        Map.of(),
        Duration.ofSeconds(30));
  }

  @Override
  protected FaultRequest requestForUnknownTarget() {
    return at(flag.resolveSibling("nowhere").resolve("maintenance"));
  }

  @Override
  protected String unknownTarget() {
    return "nowhere";
  }

  @Override
  protected Object targetState() throws IOException {
    return Files.isRegularFile(flag) ? Files.readString(flag) : "no file";
  }

  @Override
  protected void letStartFail() throws IOException {
    Files.delete(flag.getParent());
  }

  /** A file system does what it says. */
  @Override
  protected boolean behave(Behaviour behaviour) {
    return behaviour == Behaviour.HONEST;
  }

  /** A file survives what reads it. */
  @Override
  protected void restartTarget() {}

  @Override
  protected void removeTarget() throws IOException {
    Files.delete(flag);
    Files.delete(flag.getParent());
  }

  @Override
  protected Presence presenceWithoutTarget() {
    return Presence.GONE;
  }

  @Override
  protected void placeForeignState() throws IOException {
    Files.writeString(flag.resolveSibling("maintenance-of-cart"), "Firebreak fault run-1.f1\n");
  }

  @Override
  protected Object foreignState() throws IOException {
    Map<String, String> files = new TreeMap<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(flag.getParent())) {
      for (Path file : all) {
        files.put(file.toString(), Files.readString(file));
      }
    }
    return files;
  }

  @Test
  void theFileSaysWhoseItIs() throws Exception {
    FaultPlan plan = injector().plan(ID, request());
    injector().start(plan, injector().arm(plan));

    assertThat(flag).hasContent("Firebreak fault run-1.f1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "closed for stocktaking", "Firebreak fault run-2.f1\n"})
  void aFileOfSomebodyElseIsRefusedAndNeverRemoved(String text) throws Exception {
    FaultPlan plan = injector().plan(ID, request());
    Undo undo = injector().arm(plan);
    Files.writeString(flag, text);

    assertThatThrownBy(() -> injector().arm(plan)).hasMessageContaining("exists already");
    assertThatThrownBy(() -> injector().start(plan, undo)).hasMessageContaining("maintenance");
    injector().rollBack(undo);

    assertThat(Files.readString(flag)).isEqualTo(text);
    assertThat(flag.getParent()).isDirectoryNotContaining("glob:**.tmp");
  }
}
