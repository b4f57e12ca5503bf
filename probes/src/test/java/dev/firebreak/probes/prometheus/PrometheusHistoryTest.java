package dev.firebreak.probes.prometheus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.firebreak.probe.History;
import dev.firebreak.probe.ProbeException;
import dev.firebreak.probe.SeriesId;
import dev.firebreak.probe.Signal;
import dev.firebreak.probes.prometheus.Answer.Row;
import dev.firebreak.probes.prometheus.QueryPlan.Query;
import dev.firebreak.probes.signal.Labels;
import dev.firebreak.service.ServiceName;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PrometheusHistoryTest {
  private static final Instant FROM = Instant.ofEpochSecond(1_795_395_000);
  private static final Duration STEP = Duration.ofSeconds(5);
  private static final Duration FRESHNESS = Duration.ofSeconds(15);
  private static final ServiceName PAY = ServiceName.of("payments");
  private static final Signal RATE = new Signal("http.rate", Signal.Kind.TRAFFIC);
  private static final Signal UP = new Signal("up", Signal.Kind.AVAILABILITY);
  private static final QueryPlan PLAN =
      new QueryPlan(
          Map.of(RATE, new Query("rate", "application")),
          new Query("newest", "application"),
          new Query("up", "application"));

  private final List<Integer> points = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();
  private Instant silentFrom = Instant.MAX;
  private Duration age = Duration.ofSeconds(1);

  /** A service with 7 requests a second. */
  private Answer answer(String promql, Instant from, Instant to, Duration step) {
    List<Row> rows = new ArrayList<>();
    int asked = 0;
    for (Instant at = from; !at.isAfter(to); at = at.plus(step)) {
      asked++;
      double seconds = at.toEpochMilli() / 1e3;
      double value =
          switch (promql) {
            case "newest" -> seconds - age.toSeconds();
            case "up" -> 1;
            default -> 7;
          };
      if (at.isBefore(silentFrom)) {
        rows.add(new Row(Labels.of(Map.of("application", "payments")), seconds, value));
      }
    }
    points.add(asked);
    return new Answer("matrix", rows, List.copyOf(warnings), List.of());
  }

  private List<History.Look> looks(int count) throws ProbeException {
    List<SeriesId> series = List.of(new SeriesId(PAY, RATE), new SeriesId(PAY, UP));
    return new PrometheusHistory(this::answer, PLAN, FRESHNESS, Set.of(PAY), series)
        .looks(FROM, FROM.plus(STEP.multipliedBy(count - 1L)), STEP);
  }

  @Test
  void eachStepIsALookWithTheValuesOfThatTime() throws ProbeException {
    List<History.Look> looks = looks(3);

    assertThat(looks)
        .extracting(History.Look::at)
        .containsExactly(FROM, FROM.plusSeconds(5), FROM.plusSeconds(10));
    assertThat(looks).allSatisfy(look -> assertThat(look.values()).containsExactly(7, 1));
  }

  @Test
  void noQuestionAsksForMorePointsThanAPrometheusAnswers() throws ProbeException {
    List<History.Look> looks = looks(25_001);

    assertThat(looks).hasSize(25_001);
    assertThat(looks.get(25_000).at()).isEqualTo(FROM.plusSeconds(5 * 25_000));
    assertThat(points).hasSize(9).allMatch(asked -> asked <= 11_000);
  }

  @Test
  void silenceIsNoEvidenceAndNotAServiceThatIsDown() throws ProbeException {
    silentFrom = FROM.plusSeconds(5);

    List<History.Look> looks = looks(2);

    assertThat(looks.get(0).hasEvidence()).isTrue();
    assertThat(looks.get(1).hasEvidence()).isFalse();
  }

  @Test
  void oldSamplesAndAnswersWithWarningsAreNoEvidenceInThePastEither() throws ProbeException {
    age = Duration.ofSeconds(16);
    assertThat(looks(1).get(0).hasEvidence()).isFalse();

    age = Duration.ofSeconds(1);
    warnings.add("a store is missing");
    assertThat(looks(1).get(0).hasEvidence()).isFalse();
  }

  @Test
  void aQuestionWithoutAnAnswerEndsTheHistory() {
    PrometheusHistory history =
        new PrometheusHistory(
            (promql, from, to, step) -> {
              throw new ProbeException("too many samples");
            },
            PLAN,
            FRESHNESS,
            Set.of(PAY),
            List.of());

    assertThatThrownBy(() -> history.looks(FROM, FROM, STEP)).hasMessage("too many samples");
  }
}
