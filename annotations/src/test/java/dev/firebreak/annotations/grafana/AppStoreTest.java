package dev.firebreak.annotations.grafana;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.firebreak.annotations.Story;
import dev.firebreak.annotations.Trial;
import dev.firebreak.annotations.grafana.AnnotationStore.Change;
import dev.firebreak.annotations.grafana.AnnotationStore.Found;
import dev.firebreak.annotations.grafana.AnnotationStore.NewAnnotation;
import dev.firebreak.annotations.grafana.FakeAppAnnotations.Backend;
import dev.firebreak.annotations.grafana.FakeGrafana.Trouble;
import dev.firebreak.annotations.grafana.GrafanaException.Problem;
import dev.firebreak.run.RunEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Marks in a Grafana that has the app platform's annotations, and how it is told from others. */
class AppStoreTest extends MarkedGrafana {
  private static final long TIME = Story.START.toEpochMilli();
  private static final List<String> TAGS = List.of("firebreak", "run:r1");

  private int doctors;

  @Override
  AnnotationApi api() {
    return AnnotationApi.AUTO;
  }

  @Test
  void theNewApiIsChosenWhereItIsOnAndTheOldOneElsewhere() {
    assertThat(store(AnnotationApi.AUTO).title()).isEqualTo("legacy, /api/annotations");
    grafana.withAppPlatform(Backend.POSTGRES, "stacks-17");
    assertThat(store(AnnotationApi.AUTO).title()).contains("v0alpha1").endsWith("stacks-17");
    assertThat(store(AnnotationApi.LEGACY).title()).startsWith("legacy");
  }

  @ParameterizedTest
  @CsvSource({"HTML, legacy", "FORBIDDEN, legacy"})
  void anAnswerThatIsNoListOfResourcesMeansTheOldApi(Trouble trouble, String api) {
    grafana.withAppPlatform(Backend.POSTGRES, "default").troubled(trouble, "GET /apis", 1);
    assertThat(store(AnnotationApi.AUTO).title()).startsWith(api);
  }

  @ParameterizedTest
  @EnumSource(
      value = Trouble.class,
      names = {"UNAVAILABLE", "UNAUTHORIZED"})
  void aGrafanaThatDoesNotSayWhichApiItHasIsAskedAgain(Trouble trouble) {
    grafana.withAppPlatform(Backend.POSTGRES, "default").troubled(trouble, "GET /apis", 1);
    GrafanaClient client = client(AnnotationApi.AUTO);
    assertThat(catchThrowableOfType(GrafanaException.class, client::annotations)).isNotNull();
    assertThat(client.annotations().title()).startsWith("app");
  }

  @Test
  void anAnnotationIsMadeFoundChangedAndDeletedUnderItsName() {
    grafana.withAppPlatform(Backend.POSTGRES, "org-7");
    AnnotationStore store = store(AnnotationApi.APP);
    assertThat(store.create(annotation("firebreak-1"))).hasValue("firebreak-1");
    store.update("firebreak-1", new Change("y", TIME + 5));
    Found found = store.search(TIME - 1, TIME + 1, TAGS).get(0);
    assertThat(found).isEqualTo(new Found("firebreak-1", TIME, 0, "y", TAGS));
    store.delete("firebreak-1");
    assertThat(store.search(TIME - 1, TIME + 1, TAGS)).isEmpty();
    assertThat(problem(() -> store.delete("firebreak-1"))).isEqualTo(Problem.GONE);
    assertThat(problem(() -> store.create(annotation("firebreak-1")))).isEqualTo(Problem.TAKEN);
  }

  @Test
  void everyPageIsRead() {
    grafana.withAppPlatform(Backend.SQL, "default");
    grafana.app().answerPagesOf(2);
    AnnotationStore store = store(AnnotationApi.APP);
    for (int i = 0; i < 5; i++) {
      assertThat(store.create(annotation("firebreak-1"))).hasValue("a-" + (i + 1));
    }
    assertThat(store.search(TIME - 1, TIME + 1, TAGS)).hasSize(5);
  }

  @ParameterizedTest
  @CsvSource({
    "POSTGRES, COMMITS_THEN_DROPS, POST",
    "POSTGRES, COMMITS_THEN_DROPS, DELETE",
    "POSTGRES, COMMITS_THEN_DROPS, PATCH",
    "POSTGRES, DROPS, POST",
    "POSTGRES, UNAVAILABLE, DELETE",
    "POSTGRES, HTML, POST",
    "SQL, COMMITS_THEN_DROPS, POST",
    "SQL, COMMITS_THEN_DROPS, DELETE",
    "SQL, UNAVAILABLE, GET"
  })
  void whateverFailsForAWhileEachMarkIsThereOnce(Backend backend, Trouble trouble, String method)
      throws IOException {
    grafana.withAppPlatform(backend, "default").troubled(trouble, method, 3);
    run(Story.cascaded());
    theMarksOfTheCascadeAreThereOnce();
  }

  @Test
  void aRegionWhoseEndComesLaterIsMadeAnewUnderTheNextName() throws IOException {
    grafana.withAppPlatform(Backend.POSTGRES, "default");
    run(Story.cascaded());
    theMarksOfTheCascadeAreThereOnce();
    assertThat(grafana.requests()).anyMatch(request -> request.startsWith("DELETE /apis/"));
    assertThat(grafana.app().names()).allMatch(name -> name.matches("firebreak-[0-9a-f]{24}"));
  }

  @Test
  void eventsToldAgainWithoutTheOutboxFindTheirNamesTakenAndDoubleNothing() throws IOException {
    grafana.withAppPlatform(Backend.POSTGRES, "default");
    run(Story.cascaded());
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    run(Story.cascaded());
    theMarksOfTheCascadeAreThereOnce();
  }

  @Test
  void aMarkThatSomebodyDeletedIsMadeAnewThoughItsNameIsTaken() throws IOException {
    grafana.withAppPlatform(Backend.POSTGRES, "default");
    List<RunEvent> events = Story.cascaded();
    try (GrafanaOutbox outbox = outbox()) {
      GrafanaAnnotator annotator = new GrafanaAnnotator(outbox, MarkLinks.none());
      events.subList(0, 8).forEach(annotator::on);
      assertThat(outbox.flush(SOON)).isZero();
      grafana.annotations().forEach(mark -> grafana.deleteByHand(mark.id()));
      events.subList(8, events.size()).forEach(annotator::on);
      assertThat(outbox.flush(SOON)).isZero();
    }
    theMarksOfTheCascadeAreThereOnce();
  }

  @Test
  void doctorNamesTheApiAndTriesEveryRightOfIt() {
    grafana.withAppPlatform(Backend.POSTGRES, "default");
    List<Trial> trials = doctor();
    assertThat(trials).allMatch(Trial::well);
    assertThat(trials.get(1).told()).contains("v0alpha1", "chosen by what Grafana offers");
    assertThat(grafana.annotations()).isEmpty();
    grafana.denying("annotations:create");
    assertThat(doctor())
        .filteredOn(trial -> !trial.well())
        .first()
        .asString()
        .contains("the token lacks annotations:create");
  }

  private List<Trial> doctor() {
    InstantSource later =
        InstantSource.offset(InstantSource.system(), Duration.ofMillis(doctors++));
    return GrafanaCheck.of(settings(AnnotationApi.AUTO), later);
  }

  private static NewAnnotation annotation(String name) {
    return new NewAnnotation(name, "x", TIME, null, TAGS);
  }

  private static Problem problem(ThrowingCallable call) {
    return Optional.ofNullable(catchThrowableOfType(GrafanaException.class, call))
        .orElseThrow()
        .problem();
  }

  private AnnotationStore store(AnnotationApi api) {
    return client(api).annotations();
  }

  private GrafanaClient client(AnnotationApi api) {
    return new GrafanaClient(settings(api), OperationListener.none());
  }

  private GrafanaSettings settings(AnnotationApi api) {
    return GrafanaSettings.of(grafana.url(), FakeGrafana.TOKEN).by(api);
  }
}
