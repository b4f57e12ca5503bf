package dev.firebreak.guard;

import dev.firebreak.fault.FaultId;
import dev.firebreak.guard.GuardMessage.Arm;
import dev.firebreak.guard.GuardMessage.Release;
import dev.firebreak.guard.GuardMessage.Renew;
import dev.firebreak.guard.GuardReply.Armed;
import dev.firebreak.guard.GuardReply.Ready;
import dev.firebreak.guard.GuardReply.Refused;
import dev.firebreak.guard.GuardReply.Renewed;
import dev.firebreak.guard.GuardReply.TookOver;
import dev.firebreak.journal.EventCodec;
import dev.firebreak.run.JournalException;
import dev.firebreak.run.RunEvent;
import dev.firebreak.run.RunEvent.FaultArmed;
import java.nio.charset.StandardCharsets;

/**
 * How run and guard write what they say: a line of text each, a word and what belongs to it, such
 * as {@code renew 17}. An undo record is the line of JSON that the journal would hold.
 */
public final class GuardLine {
  private final EventCodec codec;

  public GuardLine(EventCodec codec) {
    this.codec = codec;
  }

  /**
   * The line, without a line break.
   *
   * @throws JournalException if the undo record cannot be encoded
   */
  public String write(GuardMessage message) throws JournalException {
    if (message instanceof Arm arm) {
      return "arm " + new String(codec.encode(arm.record()), StandardCharsets.UTF_8);
    }
    if (message instanceof Renew renew) {
      return "renew " + renew.number();
    }
    return "release " + ((Release) message).fault();
  }

  /**
   * What {@link #write(GuardMessage)} was given.
   *
   * @throws JournalException if the line is no message
   */
  public GuardMessage message(String line) throws JournalException {
    String rest = rest(line);
    try {
      return switch (word(line)) {
        case "arm" -> new Arm(armed(rest));
        case "renew" -> new Renew(Long.parseLong(rest));
        case "release" -> new Release(FaultId.of(rest));
        default -> throw foreign(line);
      };
    } catch (IllegalArgumentException e) {
      throw new JournalException("this is no message of a run: " + line, e);
    }
  }

  private FaultArmed armed(String json) throws JournalException {
    RunEvent event = codec.decode(json.getBytes(StandardCharsets.UTF_8));
    if (event instanceof FaultArmed armed) {
      return armed;
    }
    throw foreign(json);
  }

  /** The line, without a line break. */
  public static String write(GuardReply reply) {
    if (reply instanceof Armed armed) {
      return "armed " + armed.fault();
    }
    if (reply instanceof Refused refused) {
      return "refused " + refused.fault() + " " + oneLine(refused.reason());
    }
    if (reply instanceof Renewed renewed) {
      return "renewed " + renewed.number();
    }
    if (reply instanceof TookOver tookOver) {
      return "took-over " + oneLine(tookOver.reason());
    }
    return "ready";
  }

  private static String oneLine(String text) {
    return text.replaceAll("\\p{Cntrl}", " ");
  }

  /**
   * What {@link #write(GuardReply)} was given.
   *
   * @throws JournalException if the line is no reply
   */
  public static GuardReply reply(String line) throws JournalException {
    String rest = rest(line);
    try {
      return switch (word(line)) {
        case "ready" -> new Ready();
        case "armed" -> new Armed(FaultId.of(rest));
        case "refused" -> new Refused(FaultId.of(word(rest)), rest(rest));
        case "renewed" -> new Renewed(Long.parseLong(rest));
        case "took-over" -> new TookOver(rest);
        default -> throw foreign(line);
      };
    } catch (IllegalArgumentException e) {
      throw new JournalException("this is no reply of a guard: " + line, e);
    }
  }

  private static JournalException foreign(String line) {
    return new JournalException("this was not expected on the line to the guard: " + line);
  }

  private static String word(String line) {
    int end = line.indexOf(' ');
    return end < 0 ? line : line.substring(0, end);
  }

  private static String rest(String line) {
    int end = line.indexOf(' ');
    return end < 0 ? "" : line.substring(end + 1);
  }
}
