package dev.firebreak.app.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.firebreak.fault.FaultInjector;
import dev.firebreak.fault.FaultKind;
import dev.firebreak.fault.Injectors;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PluginsTest {
  private static final String SERVICES = "META-INF/services/" + FaultInjector.class.getName();

  @TempDir private Path directory = Path.of("");

  @Test
  void theInjectorsInTheBoxAreFound() throws Exception {
    Injectors injectors = Plugins.load(List.of(directory.resolve("none")));

    assertThat(injectors.origins())
        .containsKeys(
            FaultKind.PLACEBO,
            FaultKind.of("chaos-monkey/latency"),
            FaultKind.of("process/pause"),
            FaultKind.of("http/request"));
  }

  @Test
  void aJarInTheDirectoryAddsItsFaults() throws Exception {
    jar("nothing.jar", PluginSource.CLASS, PluginSource.compile(directory));

    assertThat(Plugins.load(List.of(directory)).origins())
        .containsKey(FaultKind.of(PluginSource.KIND));
  }

  @Test
  void aJarThatNamesAMissingClassIsRefusedByName() throws Exception {
    jar("broken.jar", "com.example.Missing", new byte[0]);

    assertThatThrownBy(() -> Plugins.load(List.of(directory)))
        .isInstanceOf(PluginException.class)
        .hasMessageContaining("broken.jar")
        .hasMessageContaining("com.example.Missing");
  }

  @Test
  void aJarWithoutAnInjectorIsRefusedByName() throws Exception {
    jar("empty.jar", "", new byte[0]);

    assertThatThrownBy(() -> Plugins.load(List.of(directory)))
        .isInstanceOf(PluginException.class)
        .hasMessageContaining("empty.jar")
        .hasMessageContaining("offers no injector");
  }

  @Test
  void twoJarsThatOfferTheSameFaultAreRefused() throws Exception {
    byte[] injector = PluginSource.compile(directory);
    jar("first.jar", PluginSource.CLASS, injector);
    jar("second.jar", PluginSource.CLASS, injector);

    assertThatThrownBy(() -> Plugins.load(List.of(directory)))
        .isInstanceOf(PluginException.class)
        .hasMessageContaining(PluginSource.KIND);
  }

  private void jar(String name, String services, byte[] injector) throws IOException {
    try (OutputStream file = Files.newOutputStream(directory.resolve(name));
        ZipOutputStream jar = new ZipOutputStream(file)) {
      jar.putNextEntry(new ZipEntry(SERVICES));
      jar.write(services.getBytes(StandardCharsets.UTF_8));
      jar.putNextEntry(new ZipEntry(PluginSource.CLASS.replace('.', '/') + ".class"));
      jar.write(injector);
    }
  }
}
