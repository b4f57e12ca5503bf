package dev.firebreak.app.plugin;

import dev.firebreak.fault.FaultInjector;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/**
 * An injector that is compiled by the test, because one on its class path would be found there and
 * not in the jar.
 */
final class PluginSource {
  static final String CLASS = "com.example.NothingInjector";
  static final String KIND = "example/nothing";

  private static final String SOURCE =
      """
      package com.example;

      import dev.firebreak.fault.*;
      import java.util.List;
      import java.util.Map;

      public final class NothingInjector implements FaultInjector {
        public List<FaultDescription> faults() {
          return List.of(
              new FaultDescription(
                  FaultKind.of("example/nothing"), "does nothing", List.of(), List.of(), true));
        }

        public FaultPlan plan(FaultId id, FaultRequest request) {
          return new FaultPlan(id, request, "nothing", Map.of());
        }

        public Undo arm(FaultPlan plan) {
          return new Undo(plan.id(), plan.request().kind(), Map.of());
        }

        public void start(FaultPlan plan, Undo undo) {}

        public void rollBack(Undo undo) {}

        public Observation look(Undo undo) {
          return Observation.gone("it never was");
        }
      }
      """;

  private PluginSource() {}

  /** The bytes of the class. */
  static byte[] compile(Path directory) throws IOException, URISyntaxException {
    Path source = Files.writeString(directory.resolve("NothingInjector.java"), SOURCE);
    Path orchestrator =
        Path.of(FaultInjector.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    int status =
        compiler.run(
            null,
            null,
            null,
            "-proc:none",
            "-cp",
            orchestrator.toString(),
            "-d",
            directory.toString(),
            source.toString());
    if (status != 0) {
      throw new IOException("the plug-in does not compile");
    }
    return Files.readAllBytes(directory.resolve("com/example/NothingInjector.class"));
  }
}
