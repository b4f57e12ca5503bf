package dev.firebreak.annotations.grafana;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.firebreak.annotations.grafana.FakeAnnotations.Call;
import dev.firebreak.annotations.grafana.FakeAnnotations.Reply;
import dev.firebreak.annotations.grafana.FakeAppAnnotations.Backend;
import java.io.IOException;
import java.net.URI;
import org.junit.jupiter.api.Test;

/** The fake behaves as the sources of Grafana's app platform say, trap by trap. */
class FakeAppAnnotationsTest {
  private static final String BASE = "/apis/annotation.grafana.app/v0alpha1/";
  private static final String ALL = "search?from=1795393000000&to=1795394000000&limit=100";

  private final FakeAnnotations grafana = new FakeAnnotations(() -> 1_795_393_755_000L);
  private FakeAppAnnotations app = grafana.addAppPlatform(Backend.POSTGRES);

  @Test
  void isNotThereUnlessItIsSwitchedOn() {
    FakeAnnotations without = new FakeAnnotations(() -> 1_795_393_755_000L);
    assertThat(without.answer(call("GET", BASE, ""), false).status()).isEqualTo(404);
    assertThat(grafana.answer(call("GET", BASE, ""), false).body()).contains("\"annotations\"");
  }

  @Test
  void aPointHasNoEndAndARegionKeepsTheOneItWasMadeWith() throws IOException {
    assertThat(create("point", "\"time\":1795393755000").status()).isEqualTo(201);
    create("region", "\"time\":1795393755000,\"timeEnd\":1795393756000");
    JsonNode items = items(ALL);
    assertThat(items).hasSize(2);
    assertThat(items.get(0).path("spec").has("timeEnd")).isFalse();
    assertThat(items.get(1).path("spec").path("timeEnd").asLong()).isEqualTo(1_795_393_756_000L);
    patch("region", "\"timeEnd\":1795393759000");
    assertThat(items(ALL).get(1).path("spec").path("timeEnd").asLong())
        .isEqualTo(1_795_393_756_000L);
    assertThat(grafana.violations()).containsExactly("a PATCH of [timeEnd]");
  }

  @Test
  void aNameStaysTakenAlsoAfterItWasDeleted() throws IOException {
    create("one", "\"time\":1795393755000");
    assertThat(create("one", "\"time\":1795393755000").status()).isEqualTo(409);
    assertThat(namespaced("DELETE", "annotations/one", "").status()).isEqualTo(200);
    assertThat(items(ALL)).isEmpty();
    assertThat(namespaced("DELETE", "annotations/one", "").status()).isEqualTo(404);
    Reply taken = create("one", "\"time\":1795393755000");
    assertThat(taken.status()).isEqualTo(409);
    assertThat(taken.body()).contains("AlreadyExists", "\"kind\":\"Status\"");
  }

  @Test
  void theStoreInSqlGivesNamesOfItsOwn() throws IOException {
    app = grafana.addAppPlatform(Backend.SQL);
    assertThat(create("one", "\"time\":1795393755000").body()).contains("\"name\":\"a-1\"");
    assertThat(create("one", "\"time\":1795393755000").body()).contains("\"name\":\"a-2\"");
    assertThat(app.names()).containsExactly("a-1", "a-2");
  }

  @Test
  void tagsAreComparedWholeAndAPageMayBeShort() throws IOException {
    create("a", "\"time\":1795393755000,\"tags\":[\"run:r1\",\"firebreak\"]");
    create("b", "\"time\":1795393755000,\"tags\":[\"run:r1\",\"firebreak\"]");
    create("c", "\"time\":1795393755000,\"tags\":[\"run:r2\",\"firebreak\"]");
    assertThat(items(ALL + "&tag=firebreak&tag=run:r1")).hasSize(2);
    assertThat(items(ALL + "&tag=run")).isEmpty();
    app.answerPagesOf(1);
    JsonNode page = tree(namespaced("GET", ALL + "&tag=run:r1", "").body());
    assertThat(page.path("items")).hasSize(1);
    String more = page.path("metadata").path("continue").asText();
    assertThat(items(ALL + "&tag=run:r1&continue=" + more)).hasSize(1);
    assertThat(namespaced("GET", ALL.replace("=100", "=50") + "&continue=" + more, "").status())
        .isEqualTo(500);
  }

  @Test
  void pointsMatchWhateverTheSearchBeginsWith() throws IOException {
    create("point", "\"time\":1795393755000");
    assertThat(items(ALL.replace("from=1795393000000", "from=1795393999999"))).hasSize(1);
  }

  @Test
  void refusesWhatIsNoAnnotation() {
    assertThat(create("a", "\"time\":1795393755000,\"data\":{}").status()).isEqualTo(400);
    assertThat(create("b", "\"time\":1795393755000,\"timeEnd\":1795393754000").status())
        .isEqualTo(422);
    assertThat(create("c", "\"time\":1795999999000").status()).isEqualTo(422);
    assertThat(create("", "\"time\":1795393755000").status()).isEqualTo(400);
    assertThat(grafana.answer(call("GET", BASE + "namespaces/org-2/" + ALL, ""), false).status())
        .isEqualTo(403);
    assertThat(namespaced("PATCH", "annotations/nope", "{}").status()).isEqualTo(404);
    assertThat(grafana.violations()).hasSize(4);
  }

  @Test
  void aPatchHasATypeOfItsOwn() {
    create("one", "\"time\":1795393755000");
    Call plain =
        new Call(
            "PATCH",
            URI.create(BASE + "namespaces/default/annotations/one"),
            "Bearer " + FakeGrafana.TOKEN,
            "application/json",
            "{\"spec\":{\"text\":\"x\"}}");
    assertThat(grafana.answer(plain, false).status()).isEqualTo(415);
  }

  private Reply create(String name, String spec) {
    return namespaced(
        "POST",
        "annotations",
        "{\"apiVersion\":\"annotation.grafana.app/v0alpha1\",\"kind\":\"Annotation\",\"metadata\":"
            + "{\"name\":\"%s\"},\"spec\":{\"text\":\"x\",%s}}".formatted(name, spec));
  }

  private void patch(String name, String spec) {
    namespaced("PATCH", "annotations/" + name, "{\"spec\":{" + spec + "}}");
  }

  private JsonNode items(String search) throws IOException {
    return tree(namespaced("GET", search, "").body()).path("items");
  }

  private Reply namespaced(String method, String rest, String body) {
    return grafana.answer(call(method, BASE + "namespaces/default/" + rest, body), false);
  }

  private static Call call(String method, String uri, String body) {
    String type = method.equals("PATCH") ? "application/merge-patch+json" : "application/json";
    return new Call(method, URI.create(uri), "Bearer " + FakeGrafana.TOKEN, type, body);
  }

  private static JsonNode tree(String body) throws IOException {
    return new ObjectMapper().readTree(body);
  }
}
