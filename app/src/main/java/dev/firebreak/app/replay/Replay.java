package dev.firebreak.app.replay;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.firebreak.cascade.CascadeDetector;
import dev.firebreak.cascade.CascadeDetectorFactory;
import dev.firebreak.cascade.Finding;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;

/**
 * Runs a detector over recorded cases, one sample after the other as if live. A case is a folder
 * with {@code metrics.csv} and {@code case.json}; nothing else in it is read. Stateless.
 */
public final class Replay {
  /** At five seconds and finer, what the last requests did is seen for half a minute more. */
  private static final Duration AFTERMATH = Duration.ofSeconds(30);

  private static final Duration FINE_STEP = Duration.ofSeconds(5);

  private final CascadeDetectorFactory detectors;

  public Replay(CascadeDetectorFactory detectors) {
    this.detectors = detectors;
  }

  /**
   * What a live run would have found and done.
   *
   * @return one line of JSON, without a line end
   * @throws CaseException if the case is incomplete or malformed
   */
  public String replay(Path caseFolder) throws CaseException {
    RecordedCase recorded = RecordedCase.read(caseFolder);
    return line(recorded.description(), watch(recorded));
  }

  private record Verdict(List<Finding> findings, OptionalLong haltAt) {}

  private Verdict watch(RecordedCase recorded) {
    CaseDescription description = recorded.description();
    long until = description.injectEnd() + aftermath(description.step()).toSeconds();
    CascadeDetector detector =
        detectors.create(
            recorded.watch(
                description.radius(), Duration.ofSeconds(until - description.injectStart())));
    OptionalLong haltAt = OptionalLong.empty();
    boolean injected = false;
    for (int row = 0; row < recorded.size(); row++) {
      long time = recorded.time(row);
      if (time > until) {
        break;
      }
      Instant at = Instant.ofEpochSecond(time);
      double[] values = recorded.values(row);
      if (time < description.injectStart()) {
        detector.learn(at, values);
        continue;
      }
      if (!injected) {
        injected = true;
        detector.injected(Instant.ofEpochSecond(description.injectStart()));
      }
      detector.judge(at, values);
      if (haltAt.isEmpty() && detector.escaped()) {
        haltAt = OptionalLong.of(time);
      }
    }
    return new Verdict(detector.findings(), haltAt);
  }

  private static Duration aftermath(Duration step) {
    return step.compareTo(FINE_STEP) <= 0 ? AFTERMATH : step;
  }

  private static String line(CaseDescription description, Verdict verdict) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
      json.writeStartObject();
      json.writeStringField("case", description.name());
      json.writeStringField("dataset", description.dataset());
      json.writeBooleanField("halted", verdict.haltAt().isPresent());
      if (verdict.haltAt().isPresent()) {
        json.writeNumberField("haltAt", verdict.haltAt().getAsLong());
      } else {
        json.writeNullField("haltAt");
      }
      json.writeArrayFieldStart("findings");
      for (Finding finding : verdict.findings()) {
        json.writeStartObject();
        json.writeStringField("service", finding.service().value());
        json.writeStringField("class", finding.degradation().name());
        json.writeStringField("signal", finding.signal().name());
        json.writeNumberField("onset", seconds(finding.onset()));
        json.writeNumberField("flaggedAt", finding.flaggedAt().getEpochSecond());
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("memory cannot be written", e);
    }
    return text.toString();
  }

  /** Seconds since 1970, with no more decimals than it has. */
  private static BigDecimal seconds(Instant at) {
    BigDecimal seconds = BigDecimal.valueOf(at.toEpochMilli(), 3).stripTrailingZeros();
    return seconds.scale() < 0 ? seconds.setScale(0) : seconds;
  }
}
