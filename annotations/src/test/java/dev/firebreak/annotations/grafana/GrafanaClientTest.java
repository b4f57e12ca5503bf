package dev.firebreak.annotations.grafana;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.firebreak.annotations.grafana.AnnotationStore.Change;
import dev.firebreak.annotations.grafana.AnnotationStore.Found;
import dev.firebreak.annotations.grafana.AnnotationStore.NewAnnotation;
import dev.firebreak.annotations.grafana.FakeGrafana.Trouble;
import dev.firebreak.annotations.grafana.GrafanaException.Problem;
import feign.RequestLine;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.Method;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GrafanaClientTest {
  private static final long TIME = 1_795_393_755_000L;

  private FakeGrafana grafana;
  private AnnotationStore client;

  @BeforeEach
  void start() throws IOException {
    grafana = FakeGrafana.start();
    client = client(grafana.url(), FakeGrafana.TOKEN);
  }

  @AfterEach
  void stop() {
    grafana.close();
    assertThat(grafana.violations()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "UNAUTHORIZED, UNAUTHORIZED, Invalid API key",
    "FORBIDDEN, FORBIDDEN, annotations:create",
    "UNAVAILABLE, UNAVAILABLE, no healthy upstream",
    "DROPS, UNREACHABLE, did not answer",
    "HTML, UNEXPECTED, is this a Grafana"
  })
  void everyTroubleIsToldByItsTypeAndGrafanasOwnWord(
      Trouble trouble, Problem problem, String word) {
    grafana.troubled(trouble, "POST", 1);
    GrafanaException told = refused(() -> client.create(annotation()));
    assertThat(told.problem()).isEqualTo(problem);
    assertThat(told).hasMessageContaining(word);
    assertThat(grafana.requests()).hasSize(1);
  }

  @Test
  void aWrongTokenIsToldAndNeverShown() {
    AnnotationStore wrong = client(grafana.url(), "glsa_wrong_secret");
    GrafanaException told = refused(() -> wrong.create(annotation()));
    assertThat(told.problem()).isEqualTo(Problem.UNAUTHORIZED);
    StringWriter trace = new StringWriter();
    told.printStackTrace(new PrintWriter(trace));
    assertThat(trace.toString()).doesNotContain("glsa_wrong_secret");
    assertThat(settings(grafana.url(), "glsa_wrong_secret").toString())
        .doesNotContain("glsa_wrong_secret");
  }

  @Test
  void noServerAtAllIsUnreachable() {
    grafana.close();
    GrafanaException told = refused(() -> client.create(annotation()));
    assertThat(told.problem()).isEqualTo(Problem.UNREACHABLE);
    StringWriter trace = new StringWriter();
    told.printStackTrace(new PrintWriter(trace));
    assertThat(trace.toString()).doesNotContain(FakeGrafana.TOKEN);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whatIsUnknownIsGoneInEveryVersion(boolean old) {
    if (old) {
      grafana.beforeVersion9();
    }
    Change change = new Change("x", null);
    assertThat(refused(() -> client.update("99", change)).problem()).isEqualTo(Problem.GONE);
    assertThat(refused(() -> client.delete("99")).problem()).isEqualTo(Problem.GONE);
  }

  @Test
  void aWrongPathIsNotMistakenForAnAnnotationThatIsGone() {
    AnnotationStore lost = client(grafana.url().resolve("/nowhere"), FakeGrafana.TOKEN);
    GrafanaException told = refused(() -> lost.create(annotation()));
    assertThat(told.problem()).isEqualTo(Problem.UNEXPECTED);
    assertThat(told).hasMessageContaining("path");
  }

  @Test
  void tooManyTagsAreRefusedForGood() {
    NewAnnotation tooMany = new NewAnnotation("any", "x", TIME, null, List.of("x".repeat(600)));
    assertThat(refused(() -> client.create(tooMany)).problem()).isEqualTo(Problem.INVALID);
  }

  @Test
  void tagsOfEveryKindAreFound() {
    List<String> tags = List.of("service:a+b c&d=é,ü/%?#\"{x}", "firebreak");
    assertThat(client.create(new NewAnnotation("any", "x", TIME, null, tags))).isPresent();
    List<Found> found = client.search(TIME - 1, TIME + 1, tags);
    assertThat(found).hasSize(1);
    assertThat(found.get(0).carries(tags)).isTrue();
  }

  @Test
  void aSlashAtTheEndOfTheUrlDoesNoHarm() {
    AnnotationStore same = client(URI.create(grafana.url() + "/"), FakeGrafana.TOKEN);
    assertThat(same.create(annotation())).isPresent();
    assertThat(grafana.requests()).containsExactly("POST /api/annotations");
  }

  @Test
  void nothingInTheInterfacesCanDeleteMoreThanOne() {
    assertThat(AnnotationStore.class.getDeclaredMethods())
        .extracting(Method::getName)
        .containsExactlyInAnyOrder("title", "movesEnds", "create", "update", "delete", "search");
    assertThat(
            Stream.of(GrafanaApi.class, LegacyApi.class, AppApi.class)
                .flatMap(api -> Arrays.stream(api.getDeclaredMethods()))
                .map(method -> method.getAnnotation(RequestLine.class))
                .map(line -> line == null ? "" : line.value()))
        .noneMatch(line -> line.contains("mass"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost:3000",
        "ftp://localhost",
        "http:///x",
        "http://user:secret@localhost",
        "http://localhost?orgId=1"
      })
  void aUrlThatIsNoneOfGrafanasIsRefusedWithoutItsSecrets(String url) {
    assertThatThrownBy(() -> settings(URI.create(url), "t"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Grafana URL")
        .hasMessageNotContaining("secret");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "two words", "line\nbreak"})
  void aTokenThatCannotBeOneIsRefusedWithoutBeingShown(String token) {
    assertThatThrownBy(() -> settings(URI.create("http://localhost"), token))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining("words")
        .hasMessageNotContaining("break");
  }

  private static NewAnnotation annotation() {
    return new NewAnnotation("any", "x", TIME, null, List.of("firebreak"));
  }

  private static GrafanaException refused(ThrowingCallable call) {
    GrafanaException told = catchThrowableOfType(GrafanaException.class, call);
    assertThat(told).isNotNull();
    return told;
  }

  private static GrafanaSettings settings(URI url, String token) {
    return new GrafanaSettings(
        url,
        token,
        OptionalLong.of(1),
        Duration.ofSeconds(5),
        Optional.empty(),
        AnnotationApi.LEGACY);
  }

  private static AnnotationStore client(URI url, String token) {
    return new GrafanaClient(settings(url, token), OperationListener.none()).annotations();
  }
}
