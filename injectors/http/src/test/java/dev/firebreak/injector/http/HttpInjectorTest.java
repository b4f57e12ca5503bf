package dev.firebreak.injector.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.firebreak.fault.FaultInjector;
import dev.firebreak.fault.FaultInjectorContract;
import dev.firebreak.fault.FaultKind;
import dev.firebreak.fault.FaultPlan;
import dev.firebreak.fault.FaultRequest;
import dev.firebreak.fault.InjectionException;
import dev.firebreak.fault.Observation.Presence;
import dev.firebreak.fault.RollbackException;
import dev.firebreak.fault.Undo;
import dev.firebreak.injector.http.FlagServer.Mood;
import dev.firebreak.service.ServiceName;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class HttpInjectorTest extends FaultInjectorContract {
  private FlagServer server;

  @BeforeEach
  void raiseServer() throws IOException {
    server = new FlagServer();
  }

  @AfterEach
  void closeServer() {
    server.close();
  }

  @Override
  protected FaultInjector injector() {
    return new HttpInjector();
  }

  @Override
  protected FaultRequest request() {
    return request(HttpInjector.REQUEST, words());
  }

  private Map<String, String> words() {
    return new HashMap<>(
        Map.of(
            "do.url", server.url("/flag"),
            "undo.url", server.url("/flag"),
            "undo.method", "DELETE",
            "verify.url", server.url("/flag"),
            "verify.present.contains", "is up",
            "verify.gone.status", "2xx",
            "verify.gone.contains", "is down"));
  }

  private static FaultRequest request(FaultKind kind, Map<String, String> words) {
    return new FaultRequest(
        kind, ServiceName.of("payments"), Map.of(), words, Duration.ofSeconds(30));
  }

  @Override
  protected FaultRequest requestForUnknownTarget() {
    Map<String, String> words = words();
    words.put("verify.url", "http://localhost:1/flag");
    return request(HttpInjector.REQUEST, words);
  }

  @Override
  protected String unknownTarget() {
    return "http://localhost:1/flag";
  }

  @Override
  protected Object targetState() {
    return server.up();
  }

  @Override
  protected void letStartFail() {
    server.become(Mood.REFUSES);
  }

  @Override
  protected boolean behave(Behaviour behaviour) {
    server.become(
        switch (behaviour) {
          case HONEST -> Mood.OBEYS;
          case LOSES_THE_ANSWER_TO_A_START -> Mood.OBEYS_AND_DROPS_THE_ANSWER;
          case CLAIMS_STARTS, CLAIMS_UNDOS -> Mood.CLAIMS;
        });
    return true;
  }

  @Override
  protected void restartTarget() {
    server.restart();
  }

  @Override
  protected void removeTarget() {
    server.close();
  }

  /** The flag may be kept elsewhere, and be up again when a server answers. */
  @Override
  protected Presence presenceWithoutTarget() {
    return Presence.UNKNOWN;
  }

  @Override
  protected void placeForeignState() {
    server.putUpAnother();
  }

  @Override
  protected Object foreignState() {
    return server.others();
  }

  @Test
  void theLookSaysWhichSignItSaw() throws Exception {
    HttpInjector injector = new HttpInjector();
    Undo undo = started(injector);

    assertThat(injector.look(undo).evidence())
        .isEqualTo(
            "GET %s answered 200: any status and \"is up\" in the body"
                .formatted(server.url("/flag")));
  }

  @Test
  void aRepeatedRequestCarriesTheSameKey() throws Exception {
    HttpInjector injector = new HttpInjector();
    Undo undo = started(injector);
    injector.rollBack(undo);

    assertThat(server.changes())
        .containsExactly("POST firebreak-run-1.f1-do", "DELETE firebreak-run-1.f1-undo");
  }

  @Test
  void anErrorAnswerToAStartThatTookEffectIsUndoneAndCalledAmbiguous() throws Exception {
    HttpInjector injector = new HttpInjector();
    server.become(Mood.OBEYS_AND_ANSWERS_503);

    assertThatThrownBy(() -> started(injector))
        .isInstanceOfSatisfying(InjectionException.class, e -> assertThat(e.ambiguous()).isTrue())
        .hasMessageContaining("answered 503, expected was 2xx");
    assertThat(server.up()).isFalse();
  }

  @Test
  void aLostAnswerMayMeanInjected() throws Exception {
    HttpInjector injector = new HttpInjector();
    server.become(Mood.OBEYS_AND_DROPS_THE_ANSWER);

    assertThatThrownBy(() -> started(injector))
        .isInstanceOfSatisfying(InjectionException.class, e -> assertThat(e.ambiguous()).isTrue());
  }

  @Test
  void aFaultThatIsThereAlreadyIsNotTakenForOurs() throws Exception {
    HttpInjector injector = new HttpInjector();
    started(injector);
    FaultPlan plan = injector.plan(ID, request());

    assertThatThrownBy(() -> injector.arm(plan))
        .isInstanceOf(InjectionException.class)
        .hasMessageContaining("must say that it is gone");
  }

  @Test
  void anAnswerThatFitsNeitherSignTellsNothing() throws Exception {
    HttpInjector injector = new HttpInjector();
    Map<String, String> words = words();
    words.put("verify.gone.contains", "is in the harbour");
    FaultPlan plan = injector.plan(ID, request(HttpInjector.REQUEST, words));

    assertThatThrownBy(() -> injector.arm(plan)).hasMessageContaining("fits neither");
  }

  @Test
  void anEndlessAnswerTellsNothing() {
    HttpInjector injector = new HttpInjector();
    Map<String, String> words = words();
    words.put("verify.url", server.url("/long"));
    Undo undo = new Undo(ID, HttpInjector.REQUEST, words);

    assertThat(injector.look(undo).presence()).isEqualTo(Presence.UNKNOWN);
    assertThat(injector.look(undo).evidence()).contains("longer than 1048576 bytes");
  }

  @Test
  void anUndoThatIsRefusedIsAFailedRollback() throws Exception {
    HttpInjector injector = new HttpInjector();
    Undo undo = started(injector);
    server.require("Bearer sesame");

    assertThatThrownBy(() -> injector.rollBack(undo))
        .isInstanceOf(RollbackException.class)
        .hasMessageContaining("answered 401, expected was 2xx");
  }

  @Test
  void anUndoThatIsNotFoundIsNotUndone() throws Exception {
    HttpInjector injector = new HttpInjector();
    Undo undo = started(injector);
    server.become(Mood.KNOWS_NOTHING);

    assertThatThrownBy(() -> injector.rollBack(undo))
        .isInstanceOf(RollbackException.class)
        .hasMessageContaining("answered 404");
    assertThat(injector.look(undo).presence()).isEqualTo(Presence.PRESENT);
  }

  @Test
  void secretsComeFromTheEnvironmentAndStayOutOfTheUndoRecord() throws Exception {
    server.require("Bearer sesame");
    HttpInjector injector =
        new HttpInjector(
            name -> name.equals("FIREBREAK_FLAGS") ? "Authorization: Bearer sesame" : null);
    Map<String, String> words = words();
    words.put("do.headersFrom", "FIREBREAK_FLAGS");
    words.put("undo.headersFrom", "FIREBREAK_FLAGS");
    FaultPlan plan = injector.plan(ID, request(HttpInjector.REQUEST, words));
    Undo undo = injector.arm(plan);

    injector.start(plan, undo);
    assertThat(server.up()).isTrue();
    injector.rollBack(undo);

    assertThat(server.up()).isFalse();
    assertThat(undo.data().values()).noneMatch(value -> value.contains("sesame"));
  }

  @Test
  void headersOfTheFileAreSent() throws Exception {
    server.require("Basic cGxhaW4=");
    Map<String, String> words = words();
    words.put("do.headers.Authorization", "Basic cGxhaW4=");
    HttpInjector injector = new HttpInjector();
    FaultPlan plan = injector.plan(ID, request(HttpInjector.REQUEST, words));

    injector.start(plan, injector.arm(plan));

    assertThat(server.up()).isTrue();
  }

  @Test
  void anUndoAloneSendsNothingBeforeTheRollback() throws Exception {
    HttpInjector injector = new HttpInjector();
    Undo left = started(injector);
    Map<String, String> words = words();
    words.keySet().removeIf(word -> word.startsWith("do."));
    words.remove("verify.present.contains");
    FaultPlan plan = injector.plan(ID, request(HttpInjector.UNDO, words));
    Undo undo = injector.arm(plan);

    injector.start(plan, undo);
    assertThat(server.changes()).containsExactly("POST firebreak-run-1.f1-do");
    injector.rollBack(undo);

    assertThat(server.up()).isFalse();
    assertThat(injector.look(undo).presence()).isEqualTo(Presence.GONE);
    assertThat(injector.look(left).presence()).isEqualTo(Presence.GONE);
  }

  @ParameterizedTest
  @CsvSource({
    "do.url, ftp://localhost/, the scheme is neither http nor https",
    "do.url, http://user:secret@localhost/, it holds a user",
    "do.method, BREW, '[POST, PUT, PATCH, DELETE, GET]'",
    "do.expect, 20, 2xx",
    "undo.expect, '200,', 2xx",
    "do.headers.Host, elsewhere, except",
    "do.headers.No Name, value, except",
    "verify.gone.contains, '', give some text",
    "undo.url, nowhere, http://localhost:8080",
    "verify.gone.status, 600, 2xx",
  })
  void aMistakeIsRefusedWithWhatIsAllowed(String word, String value, String allowed) {
    Map<String, String> words = words();
    words.put(word, value);

    assertThatThrownBy(
            () -> {
              HttpInjector injector = new HttpInjector();
              FaultPlan plan = injector.plan(ID, request(HttpInjector.REQUEST, words));
              injector.start(plan, injector.arm(plan));
            })
        .isInstanceOf(InjectionException.class)
        .hasMessageContaining(word)
        .hasMessageContaining(allowed)
        .hasMessageNotContaining("secret");
    assertThat(server.changes()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"do.url", "undo.url", "verify.url", "verify.present.contains"})
  void aMissingWordIsRefusedByName(String word) {
    Map<String, String> words = words();
    words.remove(word);

    assertThatThrownBy(() -> new HttpInjector().plan(ID, request(HttpInjector.REQUEST, words)))
        .isInstanceOf(InjectionException.class)
        .hasMessageContaining(word.replace(".contains", "") + " is missing");
  }

  @Test
  void onlyVariablesThatAreMeantForItMayBeSent() {
    Map<String, String> words = words();
    words.put("verify.headersFrom", "PATH");

    assertThatThrownBy(() -> new HttpInjector().plan(ID, request(HttpInjector.REQUEST, words)))
        .hasMessageContaining("begins with FIREBREAK_");
  }

  private Undo started(HttpInjector injector) throws InjectionException {
    FaultPlan plan = injector.plan(ID, request());
    Undo undo = injector.arm(plan);
    injector.start(plan, undo);
    return undo;
  }
}
