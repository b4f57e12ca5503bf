package dev.firebreak.annotations.grafana;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.annotations.grafana.FakeAnnotations.Stored;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The fake behaves as real servers were seen to, or what it proves is worth nothing. */
class FakeGrafanaTest {
  private static final String TIME = "1795393755000";

  private FakeGrafana grafana;

  @BeforeEach
  void start() throws IOException {
    grafana = FakeGrafana.start();
  }

  @AfterEach
  void stop() {
    grafana.close();
  }

  @Test
  void addsAnAnnotationAndSaysUnderWhichId() throws Exception {
    HttpResponse<String> reply = post("{\"text\":\"run\",\"time\":" + TIME + "}");
    assertThat(reply.statusCode()).isEqualTo(200);
    assertThat(reply.body()).isEqualTo("{\"id\":1,\"message\":\"Annotation added\"}");
  }

  @Test
  void aPointEndsWhereItBegins() throws Exception {
    post("{\"text\":\"run\",\"time\":" + TIME + "}");
    assertThat(only().timeEnd()).isEqualTo(only().time()).isEqualTo(1795393755000L);
  }

  @Test
  void cutsTagsAtTheSecondColonAndTrimsAndDropsDoubles() throws Exception {
    post(
        "{\"text\":\"run\",\"time\":"
            + TIME
            + ",\"tags\":[\"chaos\",\"run:r1\",\"url:http://x:80/y\",\"at:2026-11-23T00:29:18Z\","
            + "\" spaced : v \",\"chaos\",\"\",\"a:b:c\"]}");
    assertThat(only().tags())
        .containsExactly("chaos", "run:r1", "url:http", "at:2026-11-23T00", "spaced:v", "a:b");
    assertThat(grafana.violations()).isNotEmpty();
  }

  @Test
  void findsByAllTagsAndByABareKey() throws Exception {
    post("{\"text\":\"a\",\"time\":" + TIME + ",\"tags\":[\"run:r1\",\"svc:a\"]}");
    post("{\"text\":\"b\",\"time\":" + TIME + ",\"tags\":[\"run:r1\",\"svc:a\",\"svc:b\"]}");
    assertThat(get("tags=run:r1&tags=svc:b").body()).contains("\"b\"").doesNotContain("\"a\"");
    assertThat(get("tags=run:r1&tags=nope").body()).isEqualTo("[]");
    assertThat(get("tags=svc").body()).contains("\"text\":\"a\"").doesNotContain("\"text\":\"b\"");
  }

  @Test
  void filtersByTimeOnlyWithBothEnds() throws Exception {
    post("{\"text\":\"run\",\"time\":" + TIME + "}");
    assertThat(get("from=1795393900000&to=1795393901000").body()).isEqualTo("[]");
    assertThat(get("from=1795393900000").body()).contains("run");
    assertThat(get("from=1795393000000&to=1795393901000").body()).contains("run");
    assertThat(grafana.violations()).isNotEmpty();
  }

  @Test
  void answersAtMost100UnlessAskedForMoreTheLatestFirst() throws Exception {
    for (int i = 0; i < 101; i++) {
      grafana.addForeign("n" + i, 1_795_393_755_000L + i, "many");
    }
    String answer = get("tags=many").body();
    assertThat(answer.split("\"id\"", -1)).hasSize(101);
    assertThat(answer).startsWith("[{\"id\":101,").doesNotContain("\"n0\"");
    assertThat(get("tags=many&limit=200").body().split("\"id\"", -1)).hasSize(102);
  }

  @Test
  void aPatchChangesWhatItNamesAndSwapsTimesWithoutAWord() throws Exception {
    post("{\"text\":\"run\",\"time\":" + TIME + ",\"tags\":[\"chaos\"]}");
    HttpResponse<String> reply = send("PATCH", "/1", "{\"timeEnd\":1795393000000}");
    assertThat(reply.body()).isEqualTo("{\"message\":\"Annotation patched\"}");
    assertThat(only().time()).isEqualTo(1795393000000L);
    assertThat(only().timeEnd()).isEqualTo(1795393755000L);
    assertThat(only().tags()).containsExactly("chaos");
    send("PATCH", "/1", "{\"tags\":[\"only\"]}");
    assertThat(only().tags()).containsExactly("only");
  }

  @Test
  void whatIsUnknownIsGoneEachVersionInItsOwnWords() throws Exception {
    assertThat(send("PATCH", "/9", "{\"text\":\"x\"}").statusCode()).isEqualTo(404);
    assertThat(send("DELETE", "/9", "").body()).contains("Annotation not found");
    grafana.beforeVersion9();
    HttpResponse<String> reply = send("DELETE", "/9", "");
    assertThat(reply.statusCode()).isEqualTo(500);
    assertThat(reply.body()).isEqualTo("{\"message\":\"Could not find annotation to update\"}");
  }

  @Test
  void rejectsAnEmptyTextTooManyTagsAndBadJson() throws Exception {
    assertThat(post("{\"text\":\"\",\"time\":1}").statusCode()).isEqualTo(400);
    assertThat(post("{bad").statusCode()).isEqualTo(400);
    String tags = "\"" + "x".repeat(520) + "\"";
    assertThat(post("{\"text\":\"t\",\"tags\":[" + tags + "]}").statusCode()).isEqualTo(400);
  }

  @Test
  void letsNobodyInWithoutItsToken() throws Exception {
    HttpRequest request = HttpRequest.newBuilder(grafana.url().resolve("/api/annotations")).build();
    HttpResponse<String> reply = client().send(request, BodyHandlers.ofString());
    assertThat(reply.statusCode()).isEqualTo(401);
    assertThat(reply.body()).isEqualTo("{\"message\":\"Unauthorized\"}");
  }

  private Stored only() {
    assertThat(grafana.annotations()).hasSize(1);
    return grafana.annotations().get(0);
  }

  private HttpResponse<String> post(String body) throws Exception {
    return send("POST", "", body);
  }

  private HttpResponse<String> get(String query) throws Exception {
    return send("GET", "?" + query, "");
  }

  private HttpResponse<String> send(String method, String rest, String body) throws Exception {
    URI uri = URI.create(grafana.url() + "/api/annotations" + rest);
    HttpRequest request =
        HttpRequest.newBuilder(uri)
            .method(method, BodyPublishers.ofString(body))
            .header("Authorization", "Bearer " + FakeGrafana.TOKEN)
            .timeout(Duration.ofSeconds(5))
            .build();
    return client().send(request, BodyHandlers.ofString());
  }

  private static HttpClient client() {
    return HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  }
}
