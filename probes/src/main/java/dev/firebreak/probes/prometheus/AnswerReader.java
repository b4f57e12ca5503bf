package dev.firebreak.probes.prometheus;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import dev.firebreak.probes.prometheus.Answer.Row;
import dev.firebreak.probes.signal.FloatText;
import dev.firebreak.probes.signal.Labels;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the envelope of Prometheus' HTTP API, in whatever order its fields come. Unknown fields are
 * passed over; a shape that is none of a query's is an error. A matrix gives one row for each
 * point.
 */
final class AnswerReader {
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(32)
                  .maxStringLength(1024 * 1024)
                  .maxNameLength(10_000)
                  .build())
          .build();

  private static final int EXCERPT = 200;

  private final JsonParser json;
  private final LabelMemory memory;
  private char[] timeText = {};
  private double time = Double.NaN;
  private String status = "";
  private String type = "";
  private String error = "";
  private boolean partial;
  private boolean hasResult;
  private final List<Row> rows = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();
  private final List<String> infos = new ArrayList<>();

  private AnswerReader(JsonParser json, LabelMemory memory) {
    this.json = json;
    this.memory = memory;
    memory.rewind();
  }

  /**
   * The answer in {@code body}.
   *
   * @throws QueryException if the server says that it failed, or says what cannot be understood
   */
  static Answer read(byte[] body) throws QueryException {
    return read(body, new LabelMemory());
  }

  /**
   * The answer in {@code body}.
   *
   * @param memory of the last answer to the same question
   * @throws QueryException if the server says that it failed, or says what cannot be understood
   */
  static Answer read(byte[] body, LabelMemory memory) throws QueryException {
    try (JsonParser json = JSON.createParser(body)) {
      return new AnswerReader(json, memory).envelope();
    } catch (JsonProcessingException e) {
      throw new QueryException("the answer is not JSON: " + excerpt(body), e);
    } catch (QueryException e) {
      throw e;
    } catch (IOException e) {
      throw new QueryException("the answer cannot be read: " + e.getMessage(), e);
    }
  }

  /**
   * Why a server answered with something else than 200; its own words if they are there.
   *
   * @param status the HTTP status
   */
  static QueryException failure(int status, byte[] body) {
    try (JsonParser json = JSON.createParser(body)) {
      AnswerReader reader = new AnswerReader(json, new LabelMemory());
      reader.fields();
      if (!reader.error.isEmpty()) {
        return new QueryException("HTTP " + status + ": " + reader.error);
      }
    } catch (IOException e) {
      // Proxies and wrong paths answer in HTML or plain text: their words are quoted below.
    }
    return new QueryException("HTTP " + status + ": " + excerpt(body));
  }

  private static String excerpt(byte[] body) {
    String text = new String(body, 0, Math.min(body.length, EXCERPT), UTF_8).strip();
    String printable = text.replaceAll("\\p{Cntrl}+", " ");
    return printable.isEmpty()
        ? "(empty)"
        : '"' + printable + (body.length > EXCERPT ? "…\"" : "\"");
  }

  private Answer envelope() throws IOException {
    fields();
    if (json.nextToken() != null) {
      throw new QueryException("there is more after the end of the answer");
    }
    if (!status.equals("success")) {
      throw new QueryException(
          error.isEmpty() ? "the answer's status is \"" + status + "\"" : error);
    }
    if (!hasResult) {
      throw new QueryException("the answer has no result");
    }
    if (partial) {
      warnings.add("the answer is partial");
    }
    return new Answer(type, List.copyOf(rows), List.copyOf(warnings), List.copyOf(infos));
  }

  private void fields() throws IOException {
    require(json.nextToken(), JsonToken.START_OBJECT, "an object");
    while (json.nextToken() != JsonToken.END_OBJECT) {
      String field = json.currentName();
      JsonToken token = json.nextToken();
      switch (String.valueOf(field)) {
        case "status" -> status = text(token);
        case "error" -> error = text(token);
        case "warnings" -> texts(token, warnings);
        case "infos" -> texts(token, infos);
        case "isPartial" -> partial = token == JsonToken.VALUE_TRUE;
        case "data" -> data(token);
        default -> json.skipChildren();
      }
    }
  }

  private static void require(JsonToken actual, JsonToken wanted, String what)
      throws QueryException {
    if (actual != wanted) {
      throw new QueryException("the answer is not that of a query: expected " + what);
    }
  }

  private String text(JsonToken token) throws IOException {
    String text = token.isScalarValue() ? json.getValueAsString() : null;
    json.skipChildren();
    return text == null ? "" : text;
  }

  private void texts(JsonToken token, List<String> texts) throws IOException {
    if (token != JsonToken.START_ARRAY) {
      json.skipChildren();
      return;
    }
    for (JsonToken next = json.nextToken(); next != JsonToken.END_ARRAY; next = json.nextToken()) {
      texts.add(text(next));
    }
  }

  private void data(JsonToken token) throws IOException {
    if (token != JsonToken.START_OBJECT) {
      json.skipChildren();
      return;
    }
    while (json.nextToken() != JsonToken.END_OBJECT) {
      String field = json.currentName();
      JsonToken value = json.nextToken();
      switch (String.valueOf(field)) {
        case "resultType" -> type = text(value);
        case "result" -> result(value);
        default -> json.skipChildren();
      }
    }
  }

  private void result(JsonToken token) throws IOException {
    require(token, JsonToken.START_ARRAY, "a list of results");
    hasResult = true;
    JsonToken next = json.nextToken();
    if (next != JsonToken.START_OBJECT && next != JsonToken.END_ARRAY) {
      rows.add(point(next).of(Labels.none()));
      return;
    }
    for (; next != JsonToken.END_ARRAY; next = json.nextToken()) {
      require(next, JsonToken.START_OBJECT, "series");
      series();
    }
  }

  private void series() throws IOException {
    Labels labels = Labels.none();
    Point only = Point.NONE;
    List<Point> points = List.of();
    while (json.nextToken() != JsonToken.END_OBJECT) {
      String field = json.currentName();
      JsonToken value = json.nextToken();
      switch (String.valueOf(field)) {
        case "metric" -> labels = labels(value);
        case "value" -> {
          require(value, JsonToken.START_ARRAY, "[time, value]");
          only = point(json.nextToken());
        }
        case "values" -> points = points(value);
        default -> json.skipChildren();
      }
    }
    if (points.isEmpty()) {
      rows.add(only.of(labels));
    }
    for (Point point : points) {
      rows.add(point.of(labels));
    }
  }

  private List<Point> points(JsonToken token) throws IOException {
    require(token, JsonToken.START_ARRAY, "a list of [time, value]");
    List<Point> points = new ArrayList<>();
    for (JsonToken next = json.nextToken(); next != JsonToken.END_ARRAY; next = json.nextToken()) {
      require(next, JsonToken.START_ARRAY, "[time, value]");
      points.add(point(json.nextToken()));
    }
    return points;
  }

  private Labels labels(JsonToken token) throws IOException {
    require(token, JsonToken.START_OBJECT, "labels");
    if (json.nextToken() == JsonToken.END_OBJECT) {
      return Labels.none();
    }
    // Whoever groups by one label gets one: that is what most answers are made of.
    String first = String.valueOf(json.currentName());
    Labels only = onlyLabel(first, json.nextToken());
    if (json.nextToken() == JsonToken.END_OBJECT) {
      return only;
    }
    Map<String, String> labels = new HashMap<>();
    labels.put(first, only.get(first));
    do {
      String name = json.currentName();
      labels.put(String.valueOf(name), text(json.nextToken()));
    } while (json.nextToken() != JsonToken.END_OBJECT);
    return Labels.of(labels);
  }

  private Labels onlyLabel(String name, JsonToken value) throws IOException {
    return value == JsonToken.VALUE_STRING
        ? memory.only(name, json.getTextCharacters(), json.getTextOffset(), json.getTextLength())
        : Labels.of(name, text(value));
  }

  /** A time and a value whose series is not known yet; NaN for what is not there. */
  private record Point(double atSeconds, double value) {
    static final Point NONE = new Point(Double.NaN, Double.NaN);

    Row of(Labels labels) {
      return new Row(labels, atSeconds, value);
    }
  }

  /** The rest of {@code [time, "value"]}, whose first token is {@code first}. */
  private Point point(JsonToken first) throws IOException {
    if (first == JsonToken.END_ARRAY) {
      return Point.NONE;
    }
    double at = first.isNumeric() ? time() : Double.NaN;
    JsonToken second = json.nextToken();
    double value = second == JsonToken.VALUE_STRING ? value() : Double.NaN;
    json.skipChildren();
    while (second != JsonToken.END_ARRAY) {
      second = json.nextToken();
      json.skipChildren();
    }
    return new Point(at, value);
  }

  private double value() throws IOException {
    return FloatText.parse(json.getTextCharacters(), json.getTextOffset(), json.getTextLength());
  }

  /** All values of a vector have the same time: it is worked out once. */
  private double time() throws IOException {
    char[] text = json.getTextCharacters();
    int from = json.getTextOffset();
    int to = from + json.getTextLength();
    if (!Arrays.equals(timeText, 0, timeText.length, text, from, to)) {
      timeText = Arrays.copyOfRange(text, from, to);
      time = json.getDoubleValue();
    }
    return time;
  }
}
