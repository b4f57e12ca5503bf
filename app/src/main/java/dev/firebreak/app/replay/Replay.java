package dev.firebreak.app.replay;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.firebreak.cascade.CascadeDetector;
import dev.firebreak.cascade.CascadeDetectorFactory;
import dev.firebreak.cascade.Finding;
import dev.firebreak.cascade.Watch;
import dev.firebreak.experiment.SmallestEffect;
import dev.firebreak.probe.SeriesId;
import dev.firebreak.probe.Signal;
import dev.firebreak.probe.Signal.Kind;
import dev.firebreak.service.ServiceName;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
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
    CaseDescription description = CaseDescription.read(caseFolder.resolve("case.json"));
    Recording recording = Recording.read(caseFolder.resolve("metrics.csv"));
    return line(description, watch(description, recording));
  }

  private record Verdict(List<Finding> findings, OptionalLong haltAt) {}

  private Verdict watch(CaseDescription description, Recording recording) throws CaseException {
    List<SeriesId> series = series(description, recording);
    long until = description.injectEnd() + aftermath(description.step()).toSeconds();
    SmallestEffect usual = SmallestEffect.DEFAULT;
    CascadeDetector detector =
        detectors.create(
            new Watch(
                series,
                description.radius(),
                description.callGraph(),
                new SmallestEffect(
                    usual.latencyFactor(),
                    description.latencyFloor(),
                    usual.errorPoints(),
                    usual.trafficFactor()),
                description.step(),
                Duration.ofSeconds(until - description.injectStart())));
    double[] scales = scales(description, recording, series);
    OptionalLong haltAt = OptionalLong.empty();
    boolean injected = false;
    for (int row = 0; row < recording.rows().size(); row++) {
      long time = recording.times().get(row);
      if (time > until) {
        break;
      }
      Instant at = Instant.ofEpochSecond(time);
      double[] values = scaled(recording.rows().get(row), scales);
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

  private static List<SeriesId> series(CaseDescription description, Recording recording)
      throws CaseException {
    List<SeriesId> series = new ArrayList<>();
    for (String column : recording.columns()) {
      int cut = column.lastIndexOf("__");
      String metric = column.substring(cut + 2);
      try {
        series.add(
            new SeriesId(
                ServiceName.of(column.substring(0, cut)),
                new Signal(metric, description.kindOf(metric))));
      } catch (IllegalArgumentException e) {
        throw new CaseException("metrics.csv: column \"" + column + "\": " + e.getMessage(), e);
      }
    }
    return series;
  }

  /** What each column is multiplied with to be in its signal's base unit. */
  private static double[] scales(
      CaseDescription description, Recording recording, List<SeriesId> series) {
    double[] scales = new double[series.size()];
    for (int i = 0; i < scales.length; i++) {
      Kind kind = series.get(i).signal().kind();
      scales[i] =
          switch (kind) {
            case LATENCY -> description.secondsPerLatencyUnit();
            case SUCCESS_RATIO, ERROR_RATIO, SATURATION ->
                isPercent(description, recording, series, i) ? 0.01 : 1;
            case TRAFFIC, AVAILABILITY, RESOURCE -> 1;
          };
    }
    return scales;
  }

  /** A case does not say whether its ratios are percents; the history of the same signal shows. */
  private static boolean isPercent(
      CaseDescription description, Recording recording, List<SeriesId> series, int which) {
    Signal signal = series.get(which).signal();
    for (int row = 0; row < recording.rows().size(); row++) {
      if (recording.times().get(row) >= description.injectStart()) {
        return false;
      }
      for (int i = 0; i < series.size(); i++) {
        if (series.get(i).signal().equals(signal) && recording.rows().get(row)[i] > 1.5) {
          return true;
        }
      }
    }
    return false;
  }

  private static double[] scaled(double[] values, double[] scales) {
    double[] scaled = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      scaled[i] = values[i] * scales[i];
    }
    return scaled;
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
        json.writeNumberField("onset", finding.onset().getEpochSecond());
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
}
