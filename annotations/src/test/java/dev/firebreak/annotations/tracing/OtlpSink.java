package dev.firebreak.annotations.tracing;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;

/** An OTLP receiver over HTTP: what is no protobuf of OpenTelemetry is answered with 400. */
final class OtlpSink implements AutoCloseable {
  /** One export. */
  record Export(String path, Map<String, List<String>> headers, ByteString body) {}

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final BlockingQueue<Export> exports = new LinkedBlockingQueue<>();
  private final CountDownLatch released = new CountDownLatch(1);
  private final boolean hanging;

  private OtlpSink(boolean hanging) throws IOException {
    this.hanging = hanging;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::take);
    server.setExecutor(threads);
    server.start();
  }

  static OtlpSink start() throws IOException {
    return new OtlpSink(false);
  }

  /** Answers only when it is closed. */
  static OtlpSink hanging() throws IOException {
    return new OtlpSink(true);
  }

  String endpoint() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  List<Export> exports() {
    return List.copyOf(exports);
  }

  /** All spans that came, with the resource that each came from. */
  List<ResourceSpans> spans() {
    return exports.stream()
        .filter(export -> !isOfLogs(export.path()))
        .flatMap(export -> decodeSpans(export.body()).getResourceSpansList().stream())
        .toList();
  }

  /** All log records that came. */
  List<LogRecord> events() {
    return exports.stream()
        .filter(export -> isOfLogs(export.path()))
        .flatMap(export -> decodeLogs(export.body()).getResourceLogsList().stream())
        .flatMap(resource -> resource.getScopeLogsList().stream())
        .flatMap(scope -> scope.getLogRecordsList().stream())
        .toList();
  }

  private static boolean isOfLogs(String path) {
    return path.endsWith("/logs");
  }

  private static ExportTraceServiceRequest decodeSpans(ByteString body) {
    try {
      return ExportTraceServiceRequest.parseFrom(body);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException("no spans in protobuf", e);
    }
  }

  private static ExportLogsServiceRequest decodeLogs(ByteString body) {
    try {
      return ExportLogsServiceRequest.parseFrom(body);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException("no log records in protobuf", e);
    }
  }

  private void take(HttpExchange exchange) throws IOException {
    ByteString body = ByteString.readFrom(plain(exchange));
    String path = exchange.getRequestURI().getPath();
    try {
      if (isOfLogs(path)) {
        decodeLogs(body);
      } else {
        decodeSpans(body);
      }
    } catch (IllegalArgumentException e) {
      exchange.sendResponseHeaders(400, -1);
      exchange.close();
      return;
    }
    exports.add(new Export(path, Map.copyOf(exchange.getRequestHeaders()), body));
    if (hanging) {
      awaitRelease();
    }
    exchange.getResponseHeaders().add("Content-Type", "application/x-protobuf");
    exchange.sendResponseHeaders(200, -1);
    exchange.close();
  }

  private static InputStream plain(HttpExchange exchange) throws IOException {
    boolean gzip = "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"));
    InputStream body = exchange.getRequestBody();
    return gzip ? new GZIPInputStream(body) : body;
  }

  private void awaitRelease() {
    try {
      if (!released.await(60, TimeUnit.SECONDS)) {
        throw new IllegalStateException("nobody released the export");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    released.countDown();
    server.stop(0);
    threads.shutdownNow();
  }
}
