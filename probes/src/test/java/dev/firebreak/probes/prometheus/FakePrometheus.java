package dev.firebreak.probes.prometheus;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.firebreak.probes.http.LocalServer;
import dev.firebreak.probes.http.LocalServer.Reply;
import java.net.URI;
import java.net.URLDecoder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/**
 * Answers as a Prometheus does that scrapes two Spring Boot services, {@code payments} and {@code
 * checkout}, each second; unless a test wants some queries answered in another way.
 */
final class FakePrometheus implements AutoCloseable {
  static final String NOW = "1795395094.980";
  static final String JSON = "application/json";

  private static final List<String> SERVICES = List.of("payments", "checkout");

  /** The form of every query, in order. */
  final List<Map<String, String>> forms = new CopyOnWriteArrayList<>();

  private final LocalServer server = new LocalServer(this::reply);
  private volatile Function<String, Optional<Reply>> answers = query -> Optional.empty();

  URI url(String prefix) {
    return server.url(prefix);
  }

  /** How some queries are answered from now on; all others as usual. */
  void answering(Function<String, Optional<Reply>> answers) {
    this.answers = answers;
  }

  private Reply reply(String path, String body) {
    if (path.contains("/api/v1/targets")) {
      return answers
          .apply(path)
          .orElse(
              LocalServer.ok(
                  JSON,
                  """
                  {"status":"success","data":{"activeTargets":[
                  {"labels":{"job":"shop","instance":"x:1"},"scrapeInterval":"1s"},
                  {"labels":{"job":"slow"},"scrapeInterval":"1m"}],"droppedTargets":[]}}
                  """));
    }
    if (!path.endsWith("/api/v1/query")) {
      return LocalServer.status(404, "text/plain", "404 page not found\n");
    }
    Map<String, String> form = formOf(body);
    forms.add(form);
    String query = String.valueOf(form.get("query"));
    return answers.apply(query).orElseGet(() -> LocalServer.ok(JSON, usual(query)));
  }

  private static Map<String, String> formOf(String body) {
    Map<String, String> form = new HashMap<>();
    for (String field : body.split("&", -1)) {
      int equals = field.indexOf('=');
      form.put(field.substring(0, equals), URLDecoder.decode(field.substring(equals + 1), UTF_8));
    }
    return form;
  }

  private static String usual(String query) {
    if (query.equals("time()")) {
      return answer("scalar", "[" + NOW + ",\"" + NOW + "\"]");
    }
    if (query.startsWith("count by (__name__")) {
      return catalogue();
    }
    if (query.contains("timestamp(")) {
      return vector("1795395094.5", "1795395094.5");
    }
    if (query.contains("(up[")) {
      return vector("1", "1");
    }
    return vector("0.25", "0.5");
  }

  private static String catalogue() {
    List<String> rows = new ArrayList<>();
    for (String service : SERVICES) {
      for (String suffix : List.of("bucket", "count", "sum")) {
        rows.add(
            "{\"metric\":{\"__name__\":\"http_server_requests_seconds_%s\",\"job\":\"shop\",\"application\":\"%s\"},\"value\":[%s,\"3\"]}"
                .formatted(suffix, service, NOW));
      }
    }
    return answer("vector", "[" + String.join(",", rows) + "]");
  }

  /** One value for {@code payments} and, if there are two, one for {@code checkout}. */
  static String vector(String... values) {
    List<String> rows = new ArrayList<>();
    for (int i = 0; i < values.length; i++) {
      rows.add(row(SERVICES.get(i), NOW, values[i]));
    }
    return answer("vector", "[" + String.join(",", rows) + "]");
  }

  static String row(String service, String time, String value) {
    return "{\"metric\":{\"application\":\"%s\"},\"value\":[%s,\"%s\"]}"
        .formatted(service, time, value);
  }

  static String answer(String type, String result) {
    return "{\"status\":\"success\",\"data\":{\"resultType\":\"%s\",\"result\":%s}}"
        .formatted(type, result);
  }

  @Override
  public void close() {
    server.close();
  }
}
