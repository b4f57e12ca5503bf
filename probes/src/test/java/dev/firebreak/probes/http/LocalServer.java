package dev.firebreak.probes.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** A server on a free port of the loopback interface, which may answer badly in many ways. */
public final class LocalServer implements AutoCloseable {
  /** How to answer one question. */
  public interface Answering {
    Reply reply(String path, String body) throws IOException;
  }

  /** An answer, good or bad. */
  public interface Reply {
    void sendTo(HttpExchange exchange, CountDownLatch closing)
        throws IOException, InterruptedException;
  }

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final CountDownLatch closing = new CountDownLatch(1);

  public LocalServer(Answering answering) {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            String body =
                new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            answering.reply(exchange.getRequestURI().toString(), body).sendTo(exchange, closing);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    server.start();
  }

  public static Reply ok(String type, String body) {
    return status(200, type, body);
  }

  public static Reply status(int status, String type, String body) {
    return (exchange, closing) -> {
      byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", type);
      exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
      exchange.getResponseBody().write(bytes);
    };
  }

  public static Reply redirect(String to) {
    return (exchange, closing) -> {
      exchange.getResponseHeaders().set("Location", to);
      exchange.sendResponseHeaders(302, -1);
    };
  }

  /** Never answers, until the server closes. */
  public static Reply silence() {
    return (exchange, closing) -> closing.await(1, TimeUnit.MINUTES);
  }

  /** Starts an answer and never ends it. */
  public static Reply unfinished(String start) {
    return (exchange, closing) -> {
      exchange.sendResponseHeaders(200, 0);
      OutputStream body = exchange.getResponseBody();
      body.write(start.getBytes(StandardCharsets.UTF_8));
      body.flush();
      closing.await(1, TimeUnit.MINUTES);
    };
  }

  /** Promises more bytes than come. */
  public static Reply cutOff(String start) {
    return (exchange, closing) -> {
      exchange.sendResponseHeaders(200, start.length() + 1000L);
      exchange.getResponseBody().write(start.getBytes(StandardCharsets.UTF_8));
      exchange.getResponseBody().flush();
    };
  }

  /** The same line again and again. */
  public static Reply endless(String type, String line, long bytes) {
    return (exchange, closing) -> {
      exchange.getResponseHeaders().set("Content-Type", type);
      exchange.sendResponseHeaders(200, 0);
      byte[] block = line.repeat(65_536 / line.length()).getBytes(StandardCharsets.UTF_8);
      for (long sent = 0; sent < bytes; sent += block.length) {
        exchange.getResponseBody().write(block);
      }
    };
  }

  public URI url(String path) {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
  }

  /** An address on which nobody listens. */
  public static URI nobody() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return URI.create("http://127.0.0.1:" + socket.getLocalPort() + "/metrics");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    closing.countDown();
    server.stop(0);
    threads.shutdownNow();
  }
}
