package dev.firebreak.probes.prometheus;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.firebreak.probe.ProbeException;
import dev.firebreak.probe.Reading;
import dev.firebreak.probe.Signal;
import dev.firebreak.service.ServiceName;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.IntToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The answers of a Prometheus to the questions of one look, as bytes. It lives in this package
 * because nobody else needs to see answers that are not read yet.
 */
public final class TickOfPrometheus {
  private static final Duration FRESHNESS = Duration.ofSeconds(15);
  private static final String LABEL = "application";

  private final Instant at;
  private final Set<ServiceName> services;
  private final Question newest;
  private final Question up;
  private final Map<Signal, Question> signals = new TreeMap<>();

  /** An answer, and what is remembered of the one before. */
  private static final class Question {
    private final byte[] answer;
    private final LabelMemory memory = new LabelMemory();

    Question(byte[] answer) {
      this.answer = answer;
    }

    Answer read() throws QueryException {
      return AnswerReader.read(answer, memory);
    }
  }

  /** A look at services that are called {@code service-0}, {@code service-1} and so on. */
  public TickOfPrometheus(Instant at, int services) {
    this.at = at;
    this.services =
        IntStream.range(0, services)
            .mapToObj(i -> ServiceName.of("service-" + i))
            .collect(Collectors.toUnmodifiableSet());
    double seconds = at.toEpochMilli() / 1e3;
    this.newest = new Question(answer(i -> seconds - 1));
    this.up = new Question(answer(i -> 1));
  }

  /** Adds what the server says to one question. */
  public TickOfPrometheus with(Signal signal, IntToDoubleFunction valueOfService) {
    signals.put(signal, new Question(answer(valueOfService)));
    return this;
  }

  private byte[] answer(IntToDoubleFunction value) {
    List<String> rows = new ArrayList<>();
    for (int i = 0; i < services.size(); i++) {
      rows.add(
          "{\"metric\":{\"%s\":\"service-%d\"},\"value\":[%d.%03d,\"%s\"]}"
              .formatted(
                  LABEL,
                  i,
                  at.getEpochSecond(),
                  at.toEpochMilli() % 1_000,
                  value.applyAsDouble(i)));
    }
    return ("{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":["
            + String.join(",", rows)
            + "]}}")
        .getBytes(UTF_8);
  }

  /** Bytes of all answers together. */
  public long size() {
    return newest.answer.length
        + (long) up.answer.length
        + signals.values().stream().mapToLong(question -> question.answer.length).sum();
  }

  /** Reads the answers and does nothing with them: how many rows there were. */
  public int parse() throws QueryException {
    int rows = newest.read().rows().size() + up.read().rows().size();
    for (Question question : signals.values()) {
      rows += question.read().rows().size();
    }
    return rows;
  }

  /** Reads the answers and decides what is evidence, as a look does. */
  public Reading read() throws QueryException, ProbeException {
    Look look = new Look(at, FRESHNESS, services, services);
    look.newest(newest.read(), LABEL);
    for (Map.Entry<Signal, Question> signal : signals.entrySet()) {
      look.signal(signal.getKey(), signal.getValue().read(), LABEL);
    }
    look.up(up.read(), LABEL);
    return look.reading();
  }
}
