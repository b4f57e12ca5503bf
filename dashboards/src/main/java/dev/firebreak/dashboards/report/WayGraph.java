package dev.firebreak.dashboards.report;

import dev.firebreak.cascade.DegradationClass;
import dev.firebreak.report.RunReport;
import dev.firebreak.report.RunReport.Edge;
import dev.firebreak.report.RunReport.FindingReport;
import dev.firebreak.run.Outcome;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Draws the way of the failure: services as boxes, injected ones on the left, each of the others as
 * far to the right as failure has hops to it. The radius is a dashed frame around the boxes inside.
 */
final class WayGraph {
  private static final int BOX_WIDTH = 158;
  private static final int BOX_HEIGHT = 54;
  private static final int COLUMN = 236;
  private static final int ROW = 84;
  private static final int LEFT = 22;
  private static final int TOP = 40;

  /** More boxes than this are a wall, not a picture: then only those concerned are drawn. */
  private static final int MOST = 18;

  private record Place(int column, int row) {
    int x() {
      return LEFT + column * COLUMN;
    }

    int y() {
      return TOP + row * ROW;
    }
  }

  private final RunReport report;
  private final Set<Edge> hops = new LinkedHashSet<>();
  private final Set<String> services;
  private final Map<String, Place> places;

  WayGraph(RunReport report) {
    this.report = report;
    for (FindingReport finding : report.findings()) {
      for (int i = 0; i + 1 < finding.path().size(); i++) {
        hops.add(new Edge(finding.path().get(i), finding.path().get(i + 1)));
      }
    }
    this.services = services();
    this.places = layOut();
  }

  private Set<String> services() {
    Set<String> concerned = new TreeSet<>(report.blastRadius().inject());
    concerned.addAll(report.blastRadius().expected());
    report
        .findings()
        .forEach(
            finding -> {
              concerned.add(finding.service());
              concerned.addAll(finding.path());
            });
    Set<String> all = new TreeSet<>(concerned);
    report
        .callGraph()
        .forEach(
            edge -> {
              all.add(edge.caller());
              all.add(edge.callee());
            });
    all.addAll(report.coverage().servicesWatched());
    all.addAll(report.coverage().servicesWithoutData());
    return all.size() <= MOST ? all : concerned;
  }

  /** How many services are known and not drawn. */
  int left() {
    Set<String> all = new TreeSet<>(services);
    report.callGraph().forEach(edge -> all.addAll(List.of(edge.caller(), edge.callee())));
    all.addAll(report.coverage().servicesWatched());
    all.addAll(report.coverage().servicesWithoutData());
    return all.size() - services.size();
  }

  private Map<String, Place> layOut() {
    Map<String, Integer> columns = columns();
    int frameRows = frameRows(columns);
    int frameColumns = frameColumns(columns);
    Map<Integer, Integer> nextInside = new LinkedHashMap<>();
    Map<Integer, Integer> nextOutside = new LinkedHashMap<>();
    Map<String, Place> found = new LinkedHashMap<>();
    for (String service : ordered()) {
      int column = columns.getOrDefault(service, 0);
      // Nothing outside may stand within the frame.
      int firstRow = column < frameColumns ? frameRows : 0;
      boolean inside = report.blastRadius().contains(service);
      int row =
          inside
              ? nextInside.merge(column, 1, Integer::sum) - 1
              : firstRow + nextOutside.merge(column, 1, Integer::sum) - 1;
      found.put(service, new Place(column, row));
    }
    return found;
  }

  /** The earliest to degrade come first, so that the way runs along the top. */
  private List<String> ordered() {
    return services.stream()
        .sorted(
            Comparator.<String>comparingInt(this::standing)
                .thenComparing(
                    service ->
                        report.findingOf(service).map(FindingReport::onset).orElse(report.start()))
                .thenComparing(Comparator.naturalOrder()))
        .toList();
  }

  private int standing(String service) {
    return report
        .findingOf(service)
        .map(
            finding ->
                switch (finding.degradation()) {
                  case INJECTED -> 0;
                  case EXPECTED, ESCAPED -> 1;
                  case UNRELATED -> 3;
                })
        .orElse(report.coverage().servicesWithoutData().contains(service) ? 4 : 2);
  }

  private int frameRows(Map<String, Integer> columns) {
    Map<Integer, Integer> perColumn = new LinkedHashMap<>();
    services.stream()
        .filter(report.blastRadius()::contains)
        .forEach(service -> perColumn.merge(columns.getOrDefault(service, 0), 1, Integer::sum));
    return perColumn.values().stream().max(Comparator.naturalOrder()).orElse(0);
  }

  private int frameColumns(Map<String, Integer> columns) {
    return 1
        + services.stream()
            .filter(report.blastRadius()::contains)
            .map(service -> columns.getOrDefault(service, 0))
            .max(Comparator.naturalOrder())
            .orElse(0);
  }

  /** Hops from the injected services: along the ways that are known, else along any call. */
  private Map<String, Integer> columns() {
    Map<String, Integer> columns = new LinkedHashMap<>();
    report.blastRadius().inject().forEach(service -> columns.put(service, 0));
    for (FindingReport finding : report.findings()) {
      for (int i = 0; i < finding.path().size(); i++) {
        columns.merge(finding.path().get(i), i, Math::max);
      }
    }
    Deque<String> queue = new ArrayDeque<>(columns.keySet());
    while (!queue.isEmpty()) {
      String service = queue.remove();
      for (String neighbour : neighbours(service)) {
        int column = columns.getOrDefault(service, 0) + 1;
        if (services.contains(neighbour) && columns.putIfAbsent(neighbour, column) == null) {
          queue.add(neighbour);
        }
      }
    }
    int last = columns.values().stream().max(Comparator.naturalOrder()).orElse(0);
    services.forEach(service -> columns.putIfAbsent(service, Math.max(1, last)));
    return columns;
  }

  private Set<String> neighbours(String service) {
    Set<String> neighbours = new TreeSet<>();
    for (Edge edge : report.callGraph()) {
      if (edge.callee().equals(service)) {
        neighbours.add(edge.caller());
      } else if (edge.caller().equals(service)) {
        neighbours.add(edge.callee());
      }
    }
    return neighbours;
  }

  Markup draw() {
    int columns = 1 + places.values().stream().mapToInt(Place::column).max().orElse(0);
    int rows = 1 + places.values().stream().mapToInt(Place::row).max().orElse(0);
    int width = LEFT * 2 + (columns - 1) * COLUMN + BOX_WIDTH;
    int height = TOP + (rows - 1) * ROW + BOX_HEIGHT + 22;
    Markup svg = new Markup();
    svg.open(
        "svg",
        "class",
        "graph",
        "viewBox",
        "0 0 %d %d".formatted(width, height),
        "style",
        "max-width:%dpx".formatted(width),
        "role",
        "img",
        "aria-label",
        label());
    arrowHeads(svg);
    frame(svg);
    report.callGraph().forEach(edge -> call(svg, edge));
    hops.forEach(hop -> hop(svg, hop));
    places.forEach((service, place) -> box(svg, service, place));
    hops.forEach(hop -> lag(svg, hop));
    return svg.close("svg");
  }

  private String label() {
    String way = report.conclusion().way();
    return way.isEmpty() ? "The services; nothing escaped" : "The way of the failure: " + way;
  }

  private static void arrowHeads(Markup svg) {
    svg.open("defs");
    arrowHead(svg, "head-call", 7);
    arrowHead(svg, "head-hop", 5);
    svg.close("defs");
  }

  private static void arrowHead(Markup svg, String id, int size) {
    svg.open(
        "marker",
        "id",
        id,
        "viewBox",
        "0 0 10 10",
        "refX",
        "9",
        "refY",
        "5",
        "markerWidth",
        Integer.toString(size),
        "markerHeight",
        Integer.toString(size),
        "orient",
        "auto");
    svg.empty("path", "class", id, "d", "M0,0 L10,5 L0,10 z");
    svg.close("marker");
  }

  private void frame(Markup svg) {
    List<Place> inside =
        places.entrySet().stream()
            .filter(entry -> report.blastRadius().contains(entry.getKey()))
            .map(Map.Entry::getValue)
            .toList();
    if (inside.isEmpty()) {
      return;
    }
    int right = inside.stream().mapToInt(Place::x).max().orElse(0) + BOX_WIDTH + 12;
    int bottom = inside.stream().mapToInt(Place::y).max().orElse(0) + BOX_HEIGHT + 12;
    svg.empty(
        "rect",
        "class",
        "radius",
        "x",
        Integer.toString(LEFT - 12),
        "y",
        Integer.toString(TOP - 14),
        "width",
        Integer.toString(right - LEFT + 12),
        "height",
        Integer.toString(bottom - TOP + 14),
        "rx",
        "10");
    svg.leaf(
        "text",
        "declared blast radius",
        "class",
        "radius-name",
        "x",
        Integer.toString(LEFT - 8),
        "y",
        Integer.toString(TOP - 20));
  }

  private void call(Markup svg, Edge edge) {
    Edge failure = new Edge(edge.callee(), edge.caller());
    if (!hops.contains(edge) && !hops.contains(failure)) {
      arrow(svg, "call", edge);
    }
  }

  private void hop(Markup svg, Edge hop) {
    boolean escaped =
        report
            .findingOf(hop.callee())
            .filter(finding -> finding.degradation() == DegradationClass.ESCAPED)
            .isPresent();
    arrow(svg, escaped ? "hop escaped" : "hop", hop);
  }

  private void arrow(Markup svg, String kind, Edge edge) {
    Place from = places.get(edge.caller());
    Place to = places.get(edge.callee());
    if (from == null || to == null || from.equals(to)) {
      return;
    }
    String head = kind.startsWith("hop") ? "url(#head-hop)" : "url(#head-call)";
    svg.empty("path", "class", kind, "d", curve(from, to), "marker-end", head);
  }

  private static String curve(Place from, Place to) {
    if (from.column() == to.column()) {
      return sameColumn(from, to);
    }
    boolean forward = from.column() < to.column();
    int startX = forward ? from.x() + BOX_WIDTH : from.x();
    int endX = forward ? to.x() : to.x() + BOX_WIDTH;
    int startY = from.y() + BOX_HEIGHT / 2;
    int endY = to.y() + BOX_HEIGHT / 2;
    int bend = (forward ? 1 : -1) * Math.max(34, Math.abs(endX - startX) / 2);
    return "M%d,%d C%d,%d %d,%d %d,%d"
        .formatted(startX, startY, startX + bend, startY, endX - bend, endY, endX, endY);
  }

  private static String sameColumn(Place from, Place to) {
    boolean adjacent = Math.abs(from.row() - to.row()) == 1;
    boolean down = from.row() < to.row();
    if (adjacent) {
      int x = from.x() + BOX_WIDTH / 2;
      int startY = down ? from.y() + BOX_HEIGHT : from.y();
      int endY = down ? to.y() : to.y() + BOX_HEIGHT;
      return "M%d,%d L%d,%d".formatted(x, startY, x, endY);
    }
    // Around the boxes between them.
    int x = from.x() + BOX_WIDTH;
    int startY = from.y() + BOX_HEIGHT / 2;
    int endY = to.y() + BOX_HEIGHT / 2;
    return "M%d,%d C%d,%d %d,%d %d,%d".formatted(x, startY, x + 40, startY, x + 40, endY, x, endY);
  }

  private void lag(Markup svg, Edge hop) {
    Place from = places.get(hop.caller());
    Place to = places.get(hop.callee());
    Optional<FindingReport> finding = report.findingOf(hop.callee());
    if (from == null
        || to == null
        || finding.isEmpty()
        || finding.get().afterInjectionSeconds().isEmpty()) {
      return;
    }
    double seconds = Math.max(0, finding.get().afterInjectionSeconds().getAsDouble());
    svg.leaf(
        "text",
        Words.offset(seconds),
        "class",
        "lag",
        "x",
        Integer.toString((from.x() + to.x() + BOX_WIDTH) / 2),
        "y",
        Integer.toString((from.y() + to.y() + BOX_HEIGHT) / 2 - 8),
        "text-anchor",
        "middle");
  }

  private void box(Markup svg, String service, Place place) {
    svg.open("g", "class", "service " + kind(service));
    svg.leaf("title", (service + ": " + status(service)).trim());
    svg.empty(
        "rect",
        "x",
        Integer.toString(place.x()),
        "y",
        Integer.toString(place.y()),
        "width",
        Integer.toString(BOX_WIDTH),
        "height",
        Integer.toString(BOX_HEIGHT),
        "rx",
        "8");
    text(svg, Words.shortened(service, 19), "name", place, 23);
    text(svg, status(service), "status", place, 41);
    svg.close("g");
  }

  private static void text(Markup svg, String text, String kind, Place place, int down) {
    svg.leaf(
        "text",
        text,
        "class",
        kind,
        "x",
        Integer.toString(place.x() + BOX_WIDTH / 2),
        "y",
        Integer.toString(place.y() + down),
        "text-anchor",
        "middle");
  }

  private String kind(String service) {
    if (report.blastRadius().inject().contains(service)) {
      return "injected";
    }
    return report
        .findingOf(service)
        .map(finding -> finding.degradation().name().toLowerCase(Locale.ROOT))
        .orElse(report.coverage().servicesWithoutData().contains(service) ? "unseen" : "calm");
  }

  private String status(String service) {
    boolean sent = report.injectedAt().isPresent();
    if (report.blastRadius().inject().contains(service)) {
      return sent && !report.isPlacebo() ? "✦ fault injected here" : "nothing was injected";
    }
    return report
        .findingOf(service)
        .map(this::status)
        .orElseGet(() -> sent ? withoutFinding(service) : "");
  }

  private String status(FindingReport finding) {
    return switch (finding.degradation()) {
      case INJECTED -> report.isPlacebo() ? "nothing was injected" : "✦ fault injected here";
      case EXPECTED -> "felt it, as declared";
      case ESCAPED -> "▲ escaped" + after(finding);
      case UNRELATED -> "unrelated degradation";
    };
  }

  /** Silence is a good sign only of what was watched. */
  private String withoutFinding(String service) {
    if (report.coverage().servicesWithoutData().contains(service)) {
      return "? no data";
    }
    if (report.conclusion().outcome() == Outcome.INCONCLUSIVE) {
      return "too little seen";
    }
    boolean watched =
        report.coverage().servicesWatched().contains(service)
            || report.blastRadius().contains(service);
    return watched ? "no degradation found" : "not watched";
  }

  private static String after(FindingReport finding) {
    return finding.afterInjectionSeconds().isPresent()
        ? " " + Words.offset(Math.max(0, finding.afterInjectionSeconds().getAsDouble()))
        : "";
  }

  /** Whether there is anything to draw. */
  boolean isWorthDrawing() {
    return services.size() > 1;
  }
}
