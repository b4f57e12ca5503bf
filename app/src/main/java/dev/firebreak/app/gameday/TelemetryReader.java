package dev.firebreak.app.gameday;

import dev.firebreak.experiment.Telemetry;
import dev.firebreak.service.CallGraph;
import dev.firebreak.service.CallGraph.Edge;
import dev.firebreak.service.ServiceName;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads {@code telemetry}. */
final class TelemetryReader {
  static final String SOURCE =
      "exactly one of prometheus: {url: http://localhost:9090} and scrape: [the services' metrics"
          + " pages]";
  private static final String PAGES =
      "URLs of metrics pages, or objects with url and service, at least one";

  private final Values values;
  private final Mistakes mistakes;
  private final HeadersReader headers;

  TelemetryReader(Values values, Mistakes mistakes, Environment environment) {
    this.values = values;
    this.mistakes = mistakes;
    this.headers = new HeadersReader(values, mistakes, environment);
  }

  Optional<Telemetry> read(Node node) {
    return Fields.of(node, Form.TELEMETRY, mistakes).flatMap(this::telemetry);
  }

  private Optional<Telemetry> telemetry(Fields fields) {
    Optional<Telemetry.Source> source = source(fields);
    Duration every =
        fields
            .find("every")
            .flatMap(node -> values.duration(node, Limits.SAMPLING))
            .orElse(Telemetry.DEFAULT_EVERY);
    CallGraph graph = fields.find("call-graph").map(this::callGraph).orElse(CallGraph.empty());
    return source.map(found -> new Telemetry(found, every, graph));
  }

  private Optional<Telemetry.Source> source(Fields fields) {
    if (fields.has("prometheus") == fields.has("scrape")) {
      fields.tell(fields.has("scrape") ? "has two sources" : "has no source", SOURCE);
    }
    Optional<Telemetry.Source> scrape = fields.find("scrape").map(this::scrape);
    Optional<Telemetry.Source> prometheus = fields.find("prometheus").flatMap(this::prometheus);
    return prometheus.or(() -> scrape);
  }

  private Optional<Telemetry.Source> prometheus(Node node) {
    return Fields.of(node, Form.PROMETHEUS, mistakes)
        .flatMap(
            fields -> {
              Optional<URI> url = fields.require("url", Values.URL).flatMap(values::url);
              Map<String, String> sent = fields.find("headers").map(headers::read).orElse(Map.of());
              return url.map(found -> new Telemetry.Prometheus(found, sent));
            });
  }

  private Telemetry.Source scrape(Node node) {
    List<Telemetry.ScrapeTarget> targets = new ArrayList<>();
    Set<URI> seen = new HashSet<>();
    for (Node item : values.items(node, PAGES)) {
      Optional<Telemetry.ScrapeTarget> target = scrapeTarget(item);
      if (target.isPresent() && !seen.add(target.get().url())) {
        mistakes.add(item, "is given twice", "each metrics page once");
      }
      target.ifPresent(targets::add);
    }
    return new Telemetry.Scrape(targets);
  }

  private Optional<Telemetry.ScrapeTarget> scrapeTarget(Node node) {
    if (!(node instanceof Node.Entries)) {
      return values.url(node).map(url -> new Telemetry.ScrapeTarget(url, Optional.empty()));
    }
    return Fields.of(node, Form.SCRAPE_TARGET, mistakes)
        .flatMap(
            fields -> {
              Optional<URI> url = fields.require("url", Values.URL).flatMap(values::url);
              Optional<ServiceName> service = fields.find("service").flatMap(values::service);
              return url.map(found -> new Telemetry.ScrapeTarget(found, service));
            });
  }

  private CallGraph callGraph(Node node) {
    if (!(node instanceof Node.Entries callers)) {
      mistakes.addForm(node, "an object that gives each caller the list of services it calls");
      return CallGraph.empty();
    }
    Set<Edge> edges = new HashSet<>();
    for (Node.Entry entry : callers.entries()) {
      Optional<ServiceName> caller = values.service(entry.key());
      for (Node item : values.items(entry.value(), "the services that it calls")) {
        Optional<ServiceName> callee = values.service(item);
        caller
            .flatMap(from -> callee.map(to -> new Edge(from, to)))
            .filter(edge -> !edges.add(edge))
            .ifPresent(twin -> mistakes.add(item, "is given twice", "each callee once"));
      }
    }
    return new CallGraph(edges);
  }
}
