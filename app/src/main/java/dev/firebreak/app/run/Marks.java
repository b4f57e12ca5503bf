package dev.firebreak.app.run;

import dev.firebreak.run.RunListener;
import java.util.List;

/** What marks runs in the observability stack. */
public interface Marks extends AutoCloseable {
  /** Marks nothing. */
  Marks NONE =
      new Marks() {
        @Override
        public List<RunListener> listeners() {
          return List.of();
        }

        @Override
        public void close() {}
      };

  /** The listeners for the next run. */
  List<RunListener> listeners();

  /** Sends what is left, within a few seconds. */
  @Override
  void close();
}
