package dev.firebreak.app.run;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code SIGUSR1}: the kill switch for whoever has nothing but {@code kill}. By reflection, because
 * Java has no supported way to hear of a signal; where it does not work, a file does the same.
 */
public final class UserSignal {
  private static final Logger LOG = LoggerFactory.getLogger(UserSignal.class);

  private UserSignal() {}

  /** Calls {@code action} for each such signal, on a thread of the JVM. */
  public static void install(Runnable action) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      InvocationHandler call =
          (proxy, method, arguments) -> {
            if (method.getName().equals("handle")) {
              action.run();
            }
            return null;
          };
      Object proxy =
          Proxy.newProxyInstance(handler.getClassLoader(), new Class<?>[] {handler}, call);
      Object unused =
          signal
              .getMethod("handle", signal, handler)
              .invoke(null, signal.getConstructor(String.class).newInstance("USR1"), proxy);
    } catch (ReflectiveOperationException | RuntimeException e) {
      LOG.debug("no signal can be heard", e);
    }
  }
}
