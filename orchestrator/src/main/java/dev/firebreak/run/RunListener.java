package dev.firebreak.run;

/**
 * Is told what happened, after it is in the journal. Called by one thread, in order, never by the
 * run's own: a listener that fails or hangs delays nobody but itself.
 */
public interface RunListener {
  void on(RunEvent event);
}
