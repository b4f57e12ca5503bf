package dev.firebreak.experiment;

import dev.firebreak.service.CallGraph;
import dev.firebreak.service.ServiceName;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where the metrics come from and how often they are read.
 *
 * @param source a Prometheus, or the services' own metrics pages
 * @param every the sampling step
 * @param callGraph edges that the file declares; sources may know more
 */
public record Telemetry(Source source, Duration every, CallGraph callGraph) {
  public static final Duration DEFAULT_EVERY = Duration.ofSeconds(5);

  public Telemetry {
    if (every.isNegative() || every.isZero()) {
      throw new IllegalArgumentException("the sampling step " + every + " is not above zero");
    }
  }

  /** Where the metrics come from. */
  public sealed interface Source permits Prometheus, Scrape {}

  /**
   * A server that speaks Prometheus' HTTP API.
   *
   * @param url with any path prefix, without {@code /api/v1}
   * @param headers sent with each request; values may be secrets and are never printed
   */
  public record Prometheus(URI url, Map<String, String> headers) implements Source {
    public Prometheus {
      headers = Map.copyOf(headers);
    }

    @Override
    public String toString() {
      return "Prometheus[" + url + "]";
    }
  }

  /** The services' own metrics pages, read directly. */
  public record Scrape(List<ScrapeTarget> targets) implements Source {
    public Scrape {
      targets = List.copyOf(targets);
    }
  }

  /**
   * One metrics page.
   *
   * @param service its service, if its series do not say so themselves
   */
  public record ScrapeTarget(URI url, Optional<ServiceName> service) {}
}
