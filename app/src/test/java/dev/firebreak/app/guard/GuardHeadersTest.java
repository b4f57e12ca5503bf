package dev.firebreak.app.guard;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.firebreak.annotations.tracing.SpanIds;
import dev.firebreak.app.journal.JsonEventCodec;
import dev.firebreak.app.run.RunDirectory;
import dev.firebreak.experiment.BlastRadius;
import dev.firebreak.experiment.SteadyStateHypothesis;
import dev.firebreak.fault.FaultId;
import dev.firebreak.fault.FaultInjector;
import dev.firebreak.fault.Injectors;
import dev.firebreak.fault.Undo;
import dev.firebreak.injector.http.HttpInjector;
import dev.firebreak.journal.FileJournal;
import dev.firebreak.run.RunEvent.RunOpened;
import dev.firebreak.run.RunId;
import dev.firebreak.run.Trigger;
import dev.firebreak.service.ServiceName;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GuardHeadersTest {
  private static final RunId RUN = new RunId("20261123-100000-abcdef");
  private static final FaultId FAULT = FaultId.of(RUN + ".f1");
  private static final String TRACE = "0123456789abcdef0123456789abcdef";

  private final Queue<String> traceparents = new ConcurrentLinkedQueue<>();
  private HttpServer server;

  @TempDir private Path directory = Path.of("");

  @BeforeEach
  void listen() throws Exception {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          traceparents.add(String.valueOf(exchange.getRequestHeaders().getFirst("traceparent")));
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void anUndoOfTheGuardBelongsToTheTraceOfItsRun() throws Exception {
    try (FileJournal journal =
        FileJournal.create(new RunDirectory(directory).journal(), new JsonEventCodec())) {
      journal.append(opened());
      rollBack();
    }
    assertThat(traceparents)
        .isNotEmpty()
        .containsOnly("00-%s-%s-01".formatted(TRACE, SpanIds.of(TRACE, "rollback/" + FAULT)));
  }

  @Test
  void withoutAJournalTheUndoIsSentAllTheSame() throws Exception {
    rollBack();
    assertThat(traceparents).isNotEmpty().containsOnly("null");
  }

  private void rollBack() throws Exception {
    String url = "http://127.0.0.1:" + server.getAddress().getPort();
    Map<String, String> words =
        Map.of("undo.url", url, "verify.url", url, "verify.gone.status", "404");
    FaultInjector injector =
        new GuardHeaders(RUN, new RunDirectory(directory), new JsonEventCodec(), true)
            .traced(new Injectors(List.of(new HttpInjector())))
            .find(HttpInjector.UNDO)
            .orElseThrow();
    injector.rollBack(new Undo(FAULT, HttpInjector.UNDO, words));
  }

  private static RunOpened opened() {
    return new RunOpened(
        Instant.parse("2026-11-23T10:00:00Z"),
        RUN,
        "weekly",
        "slow stock",
        "team",
        "test",
        Trigger.MANUAL,
        "00",
        TRACE,
        BlastRadius.of(ServiceName.of("stock")),
        SteadyStateHypothesis.none(),
        Duration.ofSeconds(5));
  }
}
