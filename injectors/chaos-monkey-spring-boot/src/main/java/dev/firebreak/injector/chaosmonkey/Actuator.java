package dev.firebreak.injector.chaosmonkey;

import com.fasterxml.jackson.databind.JsonNode;
import dev.firebreak.injector.http.CallFailedException;
import dev.firebreak.injector.http.Headers;
import dev.firebreak.injector.http.HttpCalls;
import dev.firebreak.injector.http.HttpCalls.Answer;
import dev.firebreak.injector.http.HttpCalls.Call;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/** The actuator endpoint of one Chaos Monkey. Every call ends within two seconds. */
final class Actuator {
  private static final Duration DEADLINE = Duration.ofSeconds(2);

  private final HttpCalls calls;
  private final URI endpoint;
  private final Map<String, String> headers;

  /**
   * Sends nothing yet.
   *
   * @param endpoint such as {@code http://localhost:8084/actuator/chaosmonkey}
   * @param headers sent with every call, see {@link Headers}
   */
  Actuator(HttpCalls calls, URI endpoint, Map<String, String> headers) {
    this.calls = calls;
    this.endpoint = endpoint;
    this.headers = headers;
  }

  Settings settings() throws CallFailedException, UnexpectedAnswerException {
    return settings(DEADLINE);
  }

  Settings settings(Duration deadline) throws CallFailedException, UnexpectedAnswerException {
    Call call = Call.get(endpoint, headers);
    Answer answer = done(call, calls.send(call, deadline));
    try {
      return Settings.ofEndpoint(answer.body());
    } catch (UnexpectedAnswerException e) {
      throw new UnexpectedAnswerException(call + ": " + e.getMessage(), e);
    }
  }

  void assaults(JsonNode body) throws CallFailedException, UnexpectedAnswerException {
    post("/assaults", body.toString());
  }

  void watchers(JsonNode body) throws CallFailedException, UnexpectedAnswerException {
    post("/watchers", body.toString());
  }

  void enable() throws CallFailedException, UnexpectedAnswerException {
    post("/enable", "");
  }

  void disable() throws CallFailedException, UnexpectedAnswerException {
    post("/disable", "");
  }

  private void post(String path, String body)
      throws CallFailedException, UnexpectedAnswerException {
    Map<String, String> all = new TreeMap<>(headers);
    if (!body.isEmpty()) {
      all.put("Content-Type", "application/json");
    }
    Call call = new Call("POST", URI.create(endpoint + path), all, body);
    done(call, calls.send(call, DEADLINE));
  }

  private static Answer done(Call call, Answer answer) throws UnexpectedAnswerException {
    if (answer.status() != 200) {
      throw new UnexpectedAnswerException(
          call + " answered " + answer.status() + hint(answer.status()), answer.status());
    }
    return answer;
  }

  private static String hint(int status) {
    return switch (status) {
      case 401, 403 -> ": give headersFrom with what it wants to see";
      case 404 ->
          ": no Chaos Monkey may be changed there; the service needs the profile chaos-monkey and"
              + " the endpoint chaosmonkey exposed, with access unrestricted";
      default -> "";
    };
  }
}
