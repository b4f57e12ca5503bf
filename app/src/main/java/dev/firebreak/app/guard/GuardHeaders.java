package dev.firebreak.app.guard;

import dev.firebreak.annotations.tracing.RunHeaders;
import dev.firebreak.annotations.tracing.SpanIds;
import dev.firebreak.app.run.RunDirectory;
import dev.firebreak.app.run.TracedInjector;
import dev.firebreak.fault.Injectors;
import dev.firebreak.journal.EventCodec;
import dev.firebreak.journal.JournalFile;
import dev.firebreak.run.RunEvent.RunOpened;
import dev.firebreak.run.RunId;
import dev.firebreak.service.RequestHeaders;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a guard's requests say: the trace of its run, which stands at the beginning of the run's
 * journal. Whatever goes wrong with it, they are sent without. For any thread.
 */
final class GuardHeaders {
  private static final Logger LOG = LoggerFactory.getLogger(GuardHeaders.class);

  /** The first event fits, and a guard has little memory. */
  private static final int BEGINNING = 32 * 1024;

  private final RunId run;
  private final RunDirectory directory;
  private final EventCodec codec;
  private final boolean sampled;
  private volatile Optional<RunHeaders> found = Optional.empty();

  /**
   * The headers for one run.
   *
   * @param sampled whether the run's own spans are sent
   */
  GuardHeaders(RunId run, RunDirectory directory, EventCodec codec, boolean sampled) {
    this.run = run;
    this.directory = directory;
    this.codec = codec;
    this.sampled = sampled;
  }

  /** Injectors whose requests say so; nothing is read before the first of them. */
  Injectors traced(Injectors injectors) {
    return injectors.mapped(
        injector -> TracedInjector.of(injector, this::within, SpanIds.EXPERIMENT));
  }

  private RequestHeaders within(String purpose) {
    return address -> headers(purpose, address);
  }

  private Map<String, String> headers(String purpose, URI address) {
    try {
      if (found.isEmpty()) {
        found = read();
      }
      return found.map(headers -> headers.within(purpose).to(address)).orElse(Map.of());
    } catch (IOException | RuntimeException e) {
      LOG.debug("a request is sent without its trace", e);
      return Map.of();
    }
  }

  private Optional<RunHeaders> read() throws IOException {
    try (InputStream journal = Files.newInputStream(directory.journal())) {
      byte[] beginning = journal.readNBytes(BEGINNING);
      return JournalFile.parse(beginning, codec).events().stream()
          .filter(RunOpened.class::isInstance)
          .map(RunOpened.class::cast)
          .findFirst()
          .map(opened -> new RunHeaders(opened.traceId(), run, sampled, Set.of()));
    }
  }
}
