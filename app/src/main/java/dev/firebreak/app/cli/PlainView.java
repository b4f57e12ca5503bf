package dev.firebreak.app.cli;

import dev.firebreak.run.RunEvent;
import dev.firebreak.run.RunListener;

/** A run as lines, one for each thing that happened. */
final class PlainView implements RunListener {
  private final Terminal terminal;
  private final EventSentences sentences;

  PlainView(Terminal terminal) {
    this.terminal = terminal;
    this.sentences = new EventSentences(terminal);
  }

  @Override
  public void on(RunEvent event) {
    sentences.line(event).ifPresent(terminal::line);
  }
}
