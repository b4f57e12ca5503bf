package dev.firebreak.examples.shop.load;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.firebreak.examples.shop.Await;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LoadGeneratorTest {

  private final HttpServer server;
  private final LoadGenerator load;

  LoadGeneratorTest() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    URI url = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    load = new LoadGenerator(url, 500, new SplittableRandom(1));
  }

  @BeforeEach
  void answerNothing() {
    server.createContext("/", exchange -> {});
    server.start();
  }

  @AfterEach
  void stop() {
    load.close();
    server.stop(0);
  }

  @Test
  void doesNotWaitForAnswers() {
    load.start();
    Await.until("many requests are under way", () -> load.counts().sent() >= 50);
    assertThat(load.counts().succeeded()).isZero();
  }

  @Test
  void turnsNewcomersAwayWhenTooManyAreUnanswered() {
    load.start();
    Await.until("somebody was turned away", () -> load.counts().turnedAway() > 10);
    assertThat(load.counts().sent()).isEqualTo(100);
  }
}
