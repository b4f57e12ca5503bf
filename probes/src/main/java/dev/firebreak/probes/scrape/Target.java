package dev.firebreak.probes.scrape;

import dev.firebreak.probes.http.Address;
import dev.firebreak.probes.http.Failures;
import dev.firebreak.probes.origin.OriginMetric;
import dev.firebreak.probes.scrape.Page.PageSample;
import dev.firebreak.probes.scrape.ScrapeHistory.Series;
import dev.firebreak.probes.signal.Labels;
import dev.firebreak.probes.signal.ServiceLabel;
import dev.firebreak.service.ServiceName;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** One metrics page: what was read of it, and the question that is still open. */
final class Target {
  /** How the newest look at a target ended. */
  enum Sight {
    /** There is a page that was not there at the look before. */
    SEEN,
    /** A question is open, and not for long enough to give up. */
    WAITING,
    /** No answer in time, or an answer that is no metrics page. */
    FAILED,
    /** Nobody listens there. */
    REFUSED
  }

  private final Address address;
  private final Optional<ServiceName> given;
  private final ScrapeHistory history;
  private final Duration deadline;
  private final Duration stale;

  private @Nullable CompletableFuture<Page> pending;
  private long askedNanos;
  private Instant askedAt = Instant.EPOCH;
  private Sight sight = Sight.FAILED;
  private String problem = "not asked yet";
  private String warning = "";
  private Optional<ServiceName> named = Optional.empty();
  private Set<ServiceName> services = Set.of();

  /**
   * A target that was not asked yet.
   *
   * @param deadline after which a question is given up
   * @param stale the age from which a sample with a time stamp of its own is no evidence
   */
  Target(
      Address address,
      Optional<ServiceName> given,
      ScrapeHistory history,
      Duration deadline,
      Duration stale) {
    this.address = address;
    this.given = given;
    this.history = history;
    this.deadline = deadline;
    this.stale = stale;
  }

  /** Asks for the page, unless an earlier question is still open. */
  void ask(PageReader reader, long nowNanos, Instant now, List<String> serviceLabels) {
    sight = Sight.WAITING;
    CompletableFuture<Page> open = pending;
    if (open != null && open.isDone()) {
      settle(open, serviceLabels);
    }
    if (pending == null) {
      askedNanos = nowNanos;
      askedAt = now;
      pending = reader.read(address, deadline);
    }
  }

  /** The question that is open. */
  CompletableFuture<?> pending() {
    return pending == null ? CompletableFuture.completedFuture(null) : pending;
  }

  /**
   * Takes the answer if it is there. A page that came after the look before counts at this one if
   * the newer question is still open: a slow page is seen at every other look, not never.
   */
  void look(long nowNanos, List<String> serviceLabels) {
    CompletableFuture<Page> open = pending;
    if (open == null) {
      return;
    }
    if (open.isDone()) {
      settle(open, serviceLabels);
    } else if (nowNanos - askedNanos >= deadline.toNanos()) {
      pending = null;
      open.cancel(true);
      fail(Sight.FAILED, "no answer within " + inWords(deadline));
    } else if (sight != Sight.SEEN) {
      problem = "no answer yet after " + inWords(Duration.ofNanos(nowNanos - askedNanos));
    }
  }

  private static String inWords(Duration duration) {
    return duration.toMillis() + " ms";
  }

  private void settle(CompletableFuture<Page> done, List<String> serviceLabels) {
    pending = null;
    try {
      take(done.get(), serviceLabels);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      fail(Sight.FAILED, "interrupted");
    } catch (ExecutionException e) {
      fail(Failures.isRefusal(e) ? Sight.REFUSED : Sight.FAILED, Failures.describe(e));
    }
  }

  private void fail(Sight how, String why) {
    sight = how;
    problem = why;
    warning = "";
  }

  private void take(Page page, List<String> serviceLabels) {
    List<PageSample> fresh = page.samples().stream().filter(this::isFresh).toList();
    int repeated = history.add(askedNanos, fresh);
    sight = Sight.SEEN;
    problem = "";
    warning = warningOf(page, page.samples().size() - fresh.size(), repeated);
    nameServices(serviceLabels);
  }

  private boolean isFresh(PageSample sample) {
    return sample.timestampMillis() == PageSample.NO_TIMESTAMP
        || askedAt.toEpochMilli() - sample.timestampMillis() <= stale.toMillis();
  }

  private String warningOf(Page page, int old, int repeated) {
    StringBuilder text = new StringBuilder();
    if (page.skippedLines() > 0) {
      text.append(
          "%d lines skipped, first %s; ".formatted(page.skippedLines(), page.firstSkipped()));
    }
    if (old > 0) {
      text.append("%d samples older than %s; ".formatted(old, inWords(stale)));
    }
    if (repeated > 0) {
      text.append("%d samples of series that were there before; ".formatted(repeated));
    }
    return text.isEmpty() ? "" : address + ": " + text.substring(0, text.length() - 2);
  }

  private void nameServices(List<String> serviceLabels) {
    Set<ServiceName> found = new TreeSet<>();
    for (Series series : history.newest()) {
      // A build may be described by any label; only signals say whose page this is.
      if (OriginMetric.find(series.metric()).isEmpty()) {
        labelled(series.labels(), serviceLabels).ifPresent(found::add);
      }
    }
    named = found.size() == 1 ? Optional.of(found.iterator().next()) : Optional.empty();
    services = given.isPresent() || found.isEmpty() ? Set.of(defaultService()) : Set.copyOf(found);
  }

  /** The service that the first of the labels names that a series has. */
  static Optional<ServiceName> labelled(Labels labels, List<String> serviceLabels) {
    for (String label : serviceLabels) {
      String value = labels.get(label);
      if (!value.isEmpty()) {
        return ServiceLabel.read(value);
      }
    }
    return Optional.empty();
  }

  /** The name of a series that has none of its own. */
  private ServiceName defaultService() {
    return given.or(() -> named).orElseGet(() -> ServiceName.of(address.hostAndPort()));
  }

  /**
   * Which service a series of this target is about: the one that the target was given, else what
   * its labels say, else the only one that the page names, else host and port.
   */
  ServiceName serviceOf(Labels labels, List<String> serviceLabels) {
    return given.or(() -> labelled(labels, serviceLabels)).orElseGet(this::defaultService);
  }

  ScrapeHistory history() {
    return history;
  }

  Sight sight() {
    return sight;
  }

  /** The services that the newest good page was about; empty before the first. */
  Set<ServiceName> services() {
    return services.isEmpty() && given.isPresent() ? Set.of(given.get()) : services;
  }

  /** What to call a target that never answered. */
  ServiceName placeholder() {
    return defaultService();
  }

  String problem() {
    return problem;
  }

  /** Empty if there is nothing to say. */
  String warning() {
    return sight == Sight.SEEN ? warning : "";
  }

  Address address() {
    return address;
  }

  void close() {
    CompletableFuture<?> open = pending;
    if (open != null) {
      open.cancel(true);
    }
  }
}
