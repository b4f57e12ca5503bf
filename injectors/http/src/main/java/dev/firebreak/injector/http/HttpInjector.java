package dev.firebreak.injector.http;

import static dev.firebreak.fault.Parameter.Type.TEXT;
import static dev.firebreak.fault.Parameter.Type.URL;

import dev.firebreak.fault.CallingInjector;
import dev.firebreak.fault.FaultDescription;
import dev.firebreak.fault.FaultId;
import dev.firebreak.fault.FaultInjector;
import dev.firebreak.fault.FaultKind;
import dev.firebreak.fault.FaultPlan;
import dev.firebreak.fault.FaultRequest;
import dev.firebreak.fault.InjectionException;
import dev.firebreak.fault.Observation;
import dev.firebreak.fault.Observation.Presence;
import dev.firebreak.fault.Parameter;
import dev.firebreak.fault.RollbackException;
import dev.firebreak.fault.Undo;
import dev.firebreak.injector.http.CallFailedException.Arrival;
import dev.firebreak.injector.http.HttpCalls.Answer;
import dev.firebreak.service.RequestHeaders;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Faults that a service offers by HTTP: the file declares the request that puts one in place, the
 * one that removes it, and how to see which of the two is the case.
 */
public final class HttpInjector implements CallingInjector {
  /** A declared request, its undo and its verification. */
  public static final FaultKind REQUEST = FaultKind.of("http/request");

  /** An undo alone, for the rollbacks of an experiment: the start sends nothing. */
  public static final FaultKind UNDO = FaultKind.of("http/undo");

  private static final Duration DEADLINE = Duration.ofMillis(2500);
  private static final List<String> METHODS = List.of("POST", "PUT", "PATCH", "DELETE", "GET");

  private final HttpCalls calls;
  private final UnaryOperator<@Nullable String> environment;

  public HttpInjector() {
    this(System::getenv);
  }

  HttpInjector(UnaryOperator<@Nullable String> environment) {
    this(new HttpCalls(), environment);
  }

  private HttpInjector(HttpCalls calls, UnaryOperator<@Nullable String> environment) {
    this.calls = calls;
    this.environment = environment;
  }

  @Override
  public FaultInjector calling(RequestHeaders headers) {
    return new HttpInjector(calls.saying(headers), environment);
  }

  @Override
  public List<FaultDescription> faults() {
    Parameter undo = exchange("undo", "removes the fault; safe to send twice");
    return List.of(
        new FaultDescription(
            REQUEST,
            "sends a declared request, and a declared one to undo it",
            List.of(),
            List.of(exchange("do", "puts the fault in place"), undo, verification(true)),
            true),
        new FaultDescription(
            UNDO,
            "sends a declared request at the rollback and nothing before; for rollbacks",
            List.of(),
            List.of(undo, verification(false)),
            true));
  }

  private static Parameter exchange(String name, String summary) {
    return Parameter.object(
        name,
        true,
        summary,
        List.of(
            Parameter.required("url", URL, "where to send it"),
            Parameter.choice("method", false, "POST unless said otherwise", METHODS),
            headers(),
            headersFrom(),
            Parameter.optional("body", TEXT, "none unless given"),
            Parameter.optional(
                "expect", TEXT, "statuses that mean done, such as 2xx or 200, 404")));
  }

  private static Parameter headers() {
    return Parameter.object("headers", false, "by their names; no secrets", List.of());
  }

  private static Parameter headersFrom() {
    return Parameter.optional(
        "headersFrom",
        TEXT,
        "an environment variable, FIREBREAK_…, with more of them: Name: value, one a line");
  }

  private static Parameter verification(boolean injects) {
    return Parameter.object(
        "verify",
        true,
        "how to see whether the fault is in place; changes nothing",
        List.of(
            Parameter.required("url", URL, "read with GET"),
            headers(),
            headersFrom(),
            sign("present", injects, "the answer while the fault is in place"),
            sign("gone", true, "the answer without the fault")));
  }

  private static Parameter sign(String name, boolean required, String summary) {
    return Parameter.object(
        name,
        required,
        summary + ": status, contains or both",
        List.of(
            Parameter.optional("status", TEXT, "statuses, such as 2xx or 200, 404"),
            Parameter.optional("contains", TEXT, "text in the body")));
  }

  @Override
  public FaultPlan plan(FaultId id, FaultRequest request) throws InjectionException {
    Map<String, String> words = request.with();
    try {
      Verification verification = verification(request.kind(), words);
      Exchange undo = undoOf(words);
      String target =
          injects(request.kind()) ? startOf(words).toString() : undo + ", at the rollback only";
      ask(verification, id);
      return new FaultPlan(id, request, target, words);
    } catch (IllegalArgumentException e) {
      throw InjectionException.refused(String.valueOf(e.getMessage()), e);
    } catch (CallFailedException e) {
      throw InjectionException.refused("verify: " + e.getMessage(), e);
    }
  }

  private static Verification verification(FaultKind kind, Map<String, String> words) {
    Verification verification = Verification.read(words);
    if (injects(kind) && verification.present().isEmpty()) {
      throw new IllegalArgumentException(
          "verify.present is missing: give status, contains or both, so that the fault can be"
              + " seen");
    }
    return verification;
  }

  private static boolean injects(FaultKind kind) {
    return kind.equals(REQUEST);
  }

  private static Exchange startOf(Map<String, String> words) {
    return checked(Exchange.read("do", "POST", words));
  }

  private static Exchange undoOf(Map<String, String> words) {
    return checked(Exchange.read("undo", "POST", words));
  }

  private static Exchange checked(Exchange exchange) {
    if (!METHODS.contains(exchange.method())) {
      throw new IllegalArgumentException(
          "%s.method is \"%s\"; allowed are %s"
              .formatted(exchange.word(), exchange.method(), METHODS));
    }
    return exchange;
  }

  @Override
  public Undo arm(FaultPlan plan) throws InjectionException {
    Undo undo = new Undo(plan.id(), plan.request().kind(), undoWords(plan.resolved()));
    Observation seen = look(undo);
    if (injects(undo.kind()) && seen.presence() != Presence.GONE) {
      throw InjectionException.refused(
          "before the fault, verify must say that it is gone, but " + seen.evidence());
    }
    return undo;
  }

  private static Map<String, String> undoWords(Map<String, String> words) {
    Map<String, String> kept = new TreeMap<>(words);
    kept.keySet().removeIf(word -> word.startsWith("do."));
    return kept;
  }

  @Override
  public void start(FaultPlan plan, Undo undo) throws InjectionException {
    if (!injects(plan.request().kind())) {
      return;
    }
    Exchange start = startOf(plan.resolved());
    Answer answer;
    try {
      answer = send(start, plan.id());
    } catch (CallFailedException e) {
      if (e.arrival() == Arrival.IMPOSSIBLE) {
        throw InjectionException.refused(String.valueOf(e.getMessage()), e);
      }
      throw InjectionException.ambiguous(String.valueOf(e.getMessage()), e);
    } catch (IllegalArgumentException e) {
      throw InjectionException.refused(String.valueOf(e.getMessage()), e);
    }
    if (!start.expect().contain(answer.status())) {
      throw refusal(start, answer, undo);
    }
  }

  /** A request that was refused may have been done all the same: undo it before saying so. */
  private InjectionException refusal(Exchange start, Answer answer, Undo undo) {
    String message =
        "%s answered %d, expected was %s".formatted(start, answer.status(), start.expect());
    try {
      rollBack(undo);
    } catch (RollbackException e) {
      return InjectionException.ambiguous(message + "; " + e.getMessage(), e);
    }
    boolean server = answer.status() >= 500;
    return server
        ? InjectionException.ambiguous(message + "; undone as far as can be seen", null)
        : InjectionException.refused(message + "; nothing is left behind");
  }

  /** Sends the undo unless the effect is seen to be gone: what is not there is not touched. */
  @Override
  public void rollBack(Undo undo) throws RollbackException {
    try {
      Exchange exchange = undoOf(undo.data());
      Verification verification = verification(undo.kind(), undo.data());
      if (look(verification, undo.id()).presence() == Presence.GONE) {
        return;
      }
      Answer answer = send(exchange, undo.id());
      if (!exchange.expect().contain(answer.status())
          && look(verification, undo.id()).presence() != Presence.GONE) {
        throw new RollbackException(
            "%s answered %d, expected was %s"
                .formatted(exchange, answer.status(), exchange.expect()));
      }
    } catch (IllegalArgumentException | CallFailedException e) {
      throw new RollbackException(String.valueOf(e.getMessage()), e);
    }
  }

  @Override
  public Observation look(Undo undo) {
    try {
      return look(verification(undo.kind(), undo.data()), undo.id());
    } catch (IllegalArgumentException e) {
      return Observation.unknown("the undo record is damaged: " + e.getMessage());
    }
  }

  private Observation look(Verification verification, FaultId id) {
    try {
      return verification.judge(ask(verification, id));
    } catch (CallFailedException e) {
      return Observation.unknown(String.valueOf(e.getMessage()));
    }
  }

  private Answer ask(Verification verification, FaultId id) throws CallFailedException {
    return send(verification.look(), id);
  }

  private Answer send(Exchange exchange, FaultId id) throws CallFailedException {
    return calls.send(exchange.call("firebreak-" + id, environment), DEADLINE);
  }
}
