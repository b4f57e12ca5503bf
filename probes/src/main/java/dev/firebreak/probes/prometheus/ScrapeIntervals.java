package dev.firebreak.probes.prometheus;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads from {@code /api/v1/targets} how often each job is scraped. */
final class ScrapeIntervals {
  private static final JsonFactory JSON = new JsonFactory();

  private static final Pattern PART = Pattern.compile("(\\d{1,9})(ms|[smhd])");
  private static final Pattern WHOLE = Pattern.compile("(?:" + PART.pattern() + ")+");

  private ScrapeIntervals() {}

  /**
   * The longest interval of each job.
   *
   * @throws IOException if this is no answer about targets
   */
  static Map<String, Duration> read(byte[] body) throws IOException {
    Map<String, Duration> intervals = new HashMap<>();
    try (JsonParser json = JSON.createParser(body)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw new IOException("the answer about targets is no object");
      }
      while (json.nextToken() != null) {
        boolean targets =
            json.currentToken() == JsonToken.START_ARRAY
                && "activeTargets".equals(json.currentName());
        while (targets && json.nextToken() == JsonToken.START_OBJECT) {
          target(json, intervals);
        }
      }
    }
    return intervals;
  }

  private static void target(JsonParser json, Map<String, Duration> intervals) throws IOException {
    String job = "";
    Optional<Duration> interval = Optional.empty();
    while (json.nextToken() != JsonToken.END_OBJECT) {
      String field = String.valueOf(json.currentName());
      JsonToken value = json.nextToken();
      if (field.equals("labels") && value == JsonToken.START_OBJECT) {
        job = job(json);
      } else if (field.equals("scrapeInterval") && value == JsonToken.VALUE_STRING) {
        interval = duration(json.getText());
      } else {
        json.skipChildren();
      }
    }
    String named = job;
    interval.ifPresent(found -> intervals.merge(named, found, ScrapeIntervals::longer));
  }

  private static String job(JsonParser json) throws IOException {
    String job = "";
    while (json.nextToken() != JsonToken.END_OBJECT) {
      boolean isJob = "job".equals(json.currentName());
      json.nextToken();
      if (isJob) {
        job = String.valueOf(json.getValueAsString());
      }
      json.skipChildren();
    }
    return job;
  }

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) > 0 ? one : other;
  }

  /** As Prometheus writes them: {@code 15s}, {@code 1m30s}. */
  static Optional<Duration> duration(String text) {
    if (!WHOLE.matcher(text).matches()) {
      return Optional.empty();
    }
    Duration sum = Duration.ZERO;
    Matcher part = PART.matcher(text);
    while (part.find()) {
      sum = sum.plus(Duration.ofMillis(Long.parseLong(part.group(1)) * millis(part.group(2))));
    }
    return sum.isZero() ? Optional.empty() : Optional.of(sum);
  }

  private static long millis(String unit) {
    return switch (unit) {
      case "ms" -> 1;
      case "s" -> 1000;
      case "m" -> 60_000;
      case "h" -> 3_600_000;
      default -> 86_400_000;
    };
  }
}
