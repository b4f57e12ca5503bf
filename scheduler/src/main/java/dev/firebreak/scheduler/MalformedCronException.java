package dev.firebreak.scheduler;

/** A cron expression that cannot be read; the message is a sentence for whoever wrote it. */
final class MalformedCronException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String sentence;

  MalformedCronException(String sentence) {
    super(sentence);
    this.sentence = sentence;
  }

  MalformedCronException(String sentence, Throwable cause) {
    super(sentence, cause);
    this.sentence = sentence;
  }

  @Override
  public String getMessage() {
    return sentence;
  }
}
