package dev.firebreak.annotations.silences;

import dev.firebreak.annotations.Trial;
import dev.firebreak.annotations.silences.AlertmanagerApi.Match;
import dev.firebreak.annotations.silences.AlertmanagerApi.Silence;
import dev.firebreak.annotations.silences.AlertmanagerException.Problem;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Tries what silences need, on one of its own that no alert fits and that ends within a minute. For
 * one use by one thread; blocks for some seconds per request at most.
 */
public final class AlertmanagerCheck {
  private static final Duration LENGTH = Duration.ofMinutes(1);

  private final AlertmanagerClient alertmanager;
  private final AlertmanagerSettings settings;
  private final Instant now;
  private final List<Trial> trials = new ArrayList<>();
  private String id = "";

  private AlertmanagerCheck(AlertmanagerSettings settings, Instant now) {
    this.alertmanager = new AlertmanagerClient(settings);
    this.settings = settings;
    this.now = now;
  }

  /** What works and what does not, in the order in which it was tried. Throws nothing. */
  public static List<Trial> of(AlertmanagerSettings settings, InstantSource clock) {
    AlertmanagerCheck check = new AlertmanagerCheck(settings, clock.instant());
    if (check.tried("Alertmanager", check::version)
        && check.tried("Alertmanager, silence", check::make)) {
      check.tried("Alertmanager, look", check::look);
      check.tried("Alertmanager, end", check::end);
    }
    return List.copyOf(check.trials);
  }

  private String version() {
    return "version %s at %s".formatted(alertmanager.version(), settings.base());
  }

  private String make() {
    String mark = "run doctor-" + now.toEpochMilli();
    SilenceWish wish =
        new SilenceWish(
            "doctor",
            List.of(Match.equal("firebreak_doctor", mark)),
            now.plus(LENGTH).toEpochMilli(),
            mark,
            "Firebreak tries what it may do, and ends this again: " + mark);
    id = alertmanager.create(wish, now);
    return "made one of a minute that fits no alert";
  }

  private String look() {
    Silence found = alertmanager.find(id);
    if (!found.status().state().equals("active")) {
      throw new AlertmanagerException(
          Problem.INVALID,
          "the silence is %s, not active: the clocks here and there differ"
              .formatted(found.status().state()),
          null);
    }
    return "it is active";
  }

  private String end() {
    alertmanager.expire(id);
    if (!alertmanager.find(id).expired()) {
      throw new AlertmanagerException(
          Problem.INVALID, "the silence %s is still there; it ends by itself".formatted(id), null);
    }
    return "ended it";
  }

  private boolean tried(String subject, Supplier<String> attempt) {
    try {
      trials.add(new Trial(subject, true, attempt.get()));
      return true;
    } catch (AlertmanagerException e) {
      trials.add(new Trial(subject, false, e.getMessage() + advice(e.problem())));
      return false;
    }
  }

  private static String advice(Problem problem) {
    return switch (problem) {
      case REFUSED -> ". Set FIREBREAK_ALERTMANAGER_TOKEN to a token that may make silences";
      case UNREACHABLE -> ". Is FIREBREAK_ALERTMANAGER_URL right, and does Alertmanager run?";
      case UNEXPECTED -> ". Is FIREBREAK_ALERTMANAGER_URL right, with its path prefix?";
      case UNAVAILABLE -> ". Try again later";
      case INVALID, GONE -> "";
    };
  }
}
