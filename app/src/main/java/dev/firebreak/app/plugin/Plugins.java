package dev.firebreak.app.plugin;

import dev.firebreak.fault.FaultInjector;
import dev.firebreak.fault.Injectors;
import dev.firebreak.fault.PlaceboInjector;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;

/**
 * Loads the fault injectors: those on the class path, then each jar of the plug-in directories with
 * a class loader of its own, so that two plug-ins may bring different versions of one library.
 */
public final class Plugins {
  private Plugins() {}

  /**
   * All injectors.
   *
   * @param directories in which jars are looked for; those that do not exist are passed over
   * @throws PluginException if a jar cannot be loaded, or offers a fault that another one offers
   */
  public static Injectors load(List<Path> directories) throws PluginException {
    List<FaultInjector> found = new ArrayList<>();
    found.add(new PlaceboInjector());
    ClassLoader own = Plugins.class.getClassLoader();
    ServiceLoader.load(FaultInjector.class, own).forEach(found::add);
    for (Path directory : directories) {
      for (Path jar : jarsIn(directory)) {
        found.addAll(injectorsOf(jar, own));
      }
    }
    try {
      return new Injectors(found);
    } catch (IllegalArgumentException e) {
      throw new PluginException(String.valueOf(e.getMessage()), e);
    }
  }

  private static List<Path> jarsIn(Path directory) throws PluginException {
    List<Path> jars = new ArrayList<>();
    if (!Files.isDirectory(directory)) {
      return jars;
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*.jar")) {
      files.forEach(jars::add);
    } catch (IOException e) {
      throw new PluginException("the plug-ins in " + directory + " cannot be listed: " + e, e);
    }
    jars.sort(null);
    return jars;
  }

  /** The class loader stays open: an injector may need its classes until the program ends. */
  private static List<FaultInjector> injectorsOf(Path jar, ClassLoader parent)
      throws PluginException {
    List<FaultInjector> injectors = new ArrayList<>();
    try {
      URLClassLoader loader = new URLClassLoader(new URL[] {jar.toUri().toURL()}, parent);
      for (FaultInjector injector : ServiceLoader.load(FaultInjector.class, loader)) {
        if (injector.getClass().getClassLoader() == loader) {
          injectors.add(injector);
        }
      }
    } catch (MalformedURLException | ServiceConfigurationError | LinkageError e) {
      throw new PluginException("the plug-in " + jar + " cannot be loaded: " + e, e);
    }
    if (injectors.isEmpty()) {
      String message =
          "the plug-in %s offers no injector: META-INF/services/%s names none"
              .formatted(jar, FaultInjector.class.getName());
      throw new PluginException(message, new IllegalStateException(message));
    }
    return injectors;
  }
}
