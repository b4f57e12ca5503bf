package dev.firebreak.injector.chaosmonkey;

import static dev.firebreak.fault.Parameter.Type.DURATION_RANGE;
import static dev.firebreak.fault.Parameter.Type.INTEGER;
import static dev.firebreak.fault.Parameter.Type.TEXT;
import static dev.firebreak.fault.Parameter.Type.URL;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.firebreak.fault.CallingInjector;
import dev.firebreak.fault.FaultDescription;
import dev.firebreak.fault.FaultId;
import dev.firebreak.fault.FaultInjector;
import dev.firebreak.fault.FaultPlan;
import dev.firebreak.fault.FaultRequest;
import dev.firebreak.fault.InjectionException;
import dev.firebreak.fault.Observation;
import dev.firebreak.fault.Parameter;
import dev.firebreak.fault.RollbackException;
import dev.firebreak.fault.Undo;
import dev.firebreak.injector.chaosmonkey.Canary.Sight;
import dev.firebreak.injector.chaosmonkey.Canary.Sighting;
import dev.firebreak.injector.http.CallFailedException;
import dev.firebreak.injector.http.CallFailedException.Arrival;
import dev.firebreak.injector.http.Headers;
import dev.firebreak.injector.http.HttpCalls;
import dev.firebreak.service.RequestHeaders;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Latency and exceptions in a Spring Boot service that has Chaos Monkey for Spring Boot. Its
 * settings are one global object of the application, so one application takes one fault at a time;
 * what was set before is restored exactly. Settings live in the application's memory, as the effect
 * does: settings that can be read and carry no mark of ours prove that the fault is gone, a refused
 * connection or a 404 proves nothing.
 */
public final class ChaosMonkeyInjector implements CallingInjector {
  /** A rollback that cannot see first turns everything off after this. */
  private static final Duration LOOK_BEFORE_UNDO = Duration.ofSeconds(1);

  /** Those that change settings, after the first: each can undo one restore. */
  private static final int REQUESTS_OF_A_START = 3;

  private static final String FOUND = "found";

  private final HttpCalls calls;
  private final UnaryOperator<@Nullable String> environment;

  public ChaosMonkeyInjector() {
    this(new HttpCalls(), System::getenv);
  }

  ChaosMonkeyInjector(HttpCalls calls, UnaryOperator<@Nullable String> environment) {
    this.calls = calls;
    this.environment = environment;
  }

  @Override
  public FaultInjector calling(RequestHeaders headers) {
    return new ChaosMonkeyInjector(calls.saying(headers), environment);
  }

  @Override
  public List<FaultDescription> faults() {
    return List.of(
        new FaultDescription(
            Assault.LATENCY,
            "makes a Spring Boot service slow, by Chaos Monkey",
            targetWords(),
            List.of(
                Parameter.required("latency", DURATION_RANGE, "how much slower each call gets"),
                watcher(),
                level()),
            true),
        new FaultDescription(
            Assault.EXCEPTIONS,
            "makes a Spring Boot service throw exceptions, by Chaos Monkey",
            targetWords(),
            List.of(
                Parameter.optional(
                    "exception",
                    TEXT,
                    "its class, with a constructor that takes a text; java.lang.RuntimeException"
                        + " unless said otherwise"),
                watcher(),
                level()),
            true));
  }

  private static List<Parameter> targetWords() {
    return List.of(
        Parameter.required("url", URL, "one instance of the service, never a load balancer"),
        Parameter.optional("actuator", URL, "the base of its actuator, if it is elsewhere"),
        Parameter.optional(
            "canary", TEXT, "a path that the fault hits, read with GET to see the effect"),
        Parameter.optional(
            "headersFrom", TEXT, "an environment variable, FIREBREAK_…, with header lines"));
  }

  private static Parameter watcher() {
    return Parameter.optional(
        "watcher",
        TEXT,
        "what is hit: one or more of "
            + String.join(", ", Settings.WATCHERS)
            + "; restController unless said otherwise");
  }

  private static Parameter level() {
    return Parameter.optional(
        "level", INTEGER, "hits every how many-th call; 1, which is all, unless said otherwise");
  }

  @Override
  public FaultPlan plan(FaultId id, FaultRequest request) throws InjectionException {
    try {
      Target target = Target.read(request.target());
      Assault assault = Assault.read(request.kind(), request.with());
      actuator(target).settings();
      return new FaultPlan(
          id, request, "%s, %s".formatted(target.endpoint(), assault.describe()), target.toWords());
    } catch (IllegalArgumentException | CallFailedException | UnexpectedAnswerException e) {
      throw refused(e);
    }
  }

  private Actuator actuator(Target target) {
    return new Actuator(
        calls,
        target.endpoint(),
        Headers.fromEnvironment("target.headersFrom", target.headersFrom(), environment));
  }

  private static InjectionException refused(Exception e) {
    return InjectionException.refused(String.valueOf(e.getMessage()), e);
  }

  @Override
  public Undo arm(FaultPlan plan) throws InjectionException {
    Settings found;
    Target target;
    try {
      target = Target.read(plan.resolved());
      found = actuator(target).settings();
    } catch (IllegalArgumentException | CallFailedException | UnexpectedAnswerException e) {
      throw refused(e);
    }
    requireFree(found);
    Assault assault = Assault.read(plan.request().kind(), plan.request().with());
    requireUnhurt(target, assault);
    Map<String, String> data = new TreeMap<>(target.toWords());
    data.putAll(plan.request().with());
    data.put(FOUND, found.toJson());
    return new Undo(plan.id(), plan.request().kind(), data);
  }

  private static void requireFree(Settings found) throws InjectionException {
    Optional<String> owner = found.owner();
    if (owner.isPresent()) {
      throw InjectionException.refused(
          "the settings of this Chaos Monkey still carry the fault "
              + owner.get()
              + ": it must be rolled back first");
    }
    List<String> active = found.activeAssaults();
    if (!active.isEmpty()) {
      throw InjectionException.refused(
          "somebody else's assault is active on this Chaos Monkey: " + String.join(", ", active));
    }
  }

  /** A canary that suffers without the fault could never show that the fault is gone. */
  private void requireUnhurt(Target target, Assault assault) throws InjectionException {
    if (target.canary().isEmpty()) {
      return;
    }
    Sighting before = Canary.of(target.canary().get(), assault).lookForUnhurt(calls);
    if (before.sight() != Sight.UNHURT) {
      throw InjectionException.refused(
          "the canary cannot show the fault, since before it " + before.evidence());
    }
  }

  @Override
  public void start(FaultPlan plan, Undo undo) throws InjectionException {
    try {
      Assault assault = Assault.read(plan.request().kind(), plan.request().with());
      start(undo, assault, actuator(Target.read(undo.data())), foundIn(undo));
    } catch (CallFailedException e) {
      if (e.arrival() == Arrival.IMPOSSIBLE) {
        throw refused(e);
      }
      throw InjectionException.ambiguous(String.valueOf(e.getMessage()), e);
    } catch (UnexpectedAnswerException e) {
      throw afterUndo(undo, e);
    } catch (IllegalArgumentException e) {
      throw refused(e);
    }
  }

  /**
   * The mark comes first: from then on any rollback knows that there is something to restore. The
   * effect comes last and with the mark once more: the rollback of a guard that arrived in between
   * has taken the first one away.
   */
  private static void start(Undo undo, Assault assault, Actuator actuator, Settings found)
      throws CallFailedException, UnexpectedAnswerException {
    ObjectNode marked = found.marking(undo.id(), assault.exceptionType());
    actuator.assaults(marked);
    actuator.watchers(found.watching(assault.watchers()));
    actuator.enable();
    actuator.assaults(marked.deepCopy().setAll(assault.body(found)));
    Settings now = actuator.settings();
    if (!inForce(now, undo.id(), assault)) {
      throw new UnexpectedAnswerException(
          "Chaos Monkey took the settings, but does not show them: " + now.toJson());
    }
  }

  private static boolean inForce(Settings now, FaultId id, Assault assault) {
    return now.ownedBy(id) && now.activeAssaults().contains(assault.switchName());
  }

  private InjectionException afterUndo(Undo undo, UnexpectedAnswerException refusal) {
    String message = String.valueOf(refusal.getMessage());
    try {
      rollBack(undo);
    } catch (RollbackException e) {
      return InjectionException.ambiguous(message + "; " + e.getMessage(), e);
    }
    return refusal.declined()
        ? InjectionException.refused(message + "; nothing is left behind", refusal)
        : InjectionException.ambiguous(message + "; undone as far as can be seen", refusal);
  }

  private static Settings foundIn(Undo undo) throws UnexpectedAnswerException {
    String json = undo.data().get(FOUND);
    if (json == null) {
      throw new UnexpectedAnswerException("the undo record lacks " + FOUND);
    }
    return Settings.ofJson(json);
  }

  @Override
  public void rollBack(Undo undo) throws RollbackException {
    try {
      Actuator actuator = actuator(Target.read(undo.data()));
      Settings found = foundIn(undo);
      if (settingsOrSilence(actuator).ownedBy(undo.id())) {
        restore(actuator, found, undo);
      }
    } catch (IllegalArgumentException | CallFailedException | UnexpectedAnswerException e) {
      throw new RollbackException(String.valueOf(e.getMessage()), e);
    }
  }

  /**
   * When it cannot be seen whose settings these are, everything is turned off before that is said:
   * nobody else's assault was active when ours began.
   */
  private static Settings settingsOrSilence(Actuator actuator)
      throws CallFailedException, UnexpectedAnswerException {
    try {
      return actuator.settings(LOOK_BEFORE_UNDO);
    } catch (CallFailedException e) {
      if (e.arrival() == Arrival.POSSIBLE) {
        endEffect(actuator);
      }
      throw e;
    }
  }

  /** By whichever of two ways works. */
  private static void endEffect(Actuator actuator)
      throws CallFailedException, UnexpectedAnswerException {
    try {
      actuator.disable();
    } catch (UnexpectedAnswerException e) {
      actuator.assaults(Settings.silence());
      throw e;
    }
  }

  /** Again, as long as a start that goes on at the same time changes what was restored. */
  private static void restore(Actuator actuator, Settings found, Undo undo)
      throws CallFailedException, UnexpectedAnswerException {
    Assault assault = Assault.read(undo.kind(), undo.data());
    for (int i = 0; i <= REQUESTS_OF_A_START; i++) {
      restoreOnce(actuator, found);
      Settings now = actuator.settings();
      if (now.equals(found)) {
        return;
      }
      if (!now.ownedBy(undo.id()) && !now.areFoundButFor(found, assault.watchers())) {
        throw new UnexpectedAnswerException(
            "the settings are not as they were found: %s instead of %s"
                .formatted(now.toJson(), found.toJson()));
      }
    }
    throw new UnexpectedAnswerException("the settings change as often as they are restored");
  }

  /**
   * The mark goes last: a restore that is cut short is taken up again by the next one. What could
   * have come since is turned off in the same request, so that nothing of ours is ever unmarked.
   */
  private static void restoreOnce(Actuator actuator, Settings found)
      throws CallFailedException, UnexpectedAnswerException {
    endEffect(actuator);
    actuator.watchers(found.watchers());
    actuator.assaults(found.assaultsButException());
    if (found.enabled()) {
      actuator.enable();
    }
    actuator.assaults(found.assaults());
  }

  @Override
  public Observation look(Undo undo) {
    try {
      Target target = Target.read(undo.data());
      Assault assault = Assault.read(undo.kind(), undo.data());
      Settings now = actuator(target).settings();
      Optional<Canary> canary = target.canary().map(address -> Canary.of(address, assault));
      return now.ownedBy(undo.id())
          ? lookInPlace(now, undo.id(), assault, canary)
          : lookGone(now, canary);
    } catch (IllegalArgumentException | CallFailedException | UnexpectedAnswerException e) {
      return Observation.unknown(String.valueOf(e.getMessage()));
    }
  }

  private Observation lookInPlace(
      Settings now, FaultId id, Assault assault, Optional<Canary> canary) {
    if (!inForce(now, id, assault)) {
      return Observation.inPlace("it is turned off, but not all settings are restored");
    }
    String listed = "Chaos Monkey is enabled with " + assault.switchName();
    if (canary.isEmpty()) {
      return Observation.inPlace(listed);
    }
    Sighting seen = canary.get().look(calls);
    return seen.sight() == Sight.HIT
        ? Observation.present(seen.evidence())
        : Observation.inPlace(listed + ", but " + seen.evidence());
  }

  /** Requests that were slowed before the rollback still drain; until then it is not gone. */
  private Observation lookGone(Settings now, Optional<Canary> canary) {
    String restored =
        "Chaos Monkey is %s, without our settings"
            .formatted(now.enabled() ? "enabled" : "disabled");
    if (canary.isEmpty()) {
      return Observation.gone(restored);
    }
    Sighting seen = canary.get().look(calls);
    return seen.sight() == Sight.UNHURT
        ? Observation.gone(restored + "; " + seen.evidence())
        : Observation.unknown(restored + ", but " + seen.evidence());
  }
}
