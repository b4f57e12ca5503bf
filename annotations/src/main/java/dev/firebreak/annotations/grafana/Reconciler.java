package dev.firebreak.annotations.grafana;

import dev.firebreak.annotations.grafana.Delivery.State;
import dev.firebreak.annotations.grafana.GrafanaApi.Change;
import dev.firebreak.annotations.grafana.GrafanaApi.Found;
import dev.firebreak.annotations.grafana.GrafanaApi.NewAnnotation;
import dev.firebreak.annotations.grafana.GrafanaException.Problem;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings Grafana closer to a mark, one step at a time. After the first request for a mark, every
 * step begins by looking what is there, by the mark's own tags: so a lost answer never makes a
 * double, a change is read back, and an id that came to mean another annotation, because Grafana
 * lost its database, is never touched.
 */
final class Reconciler {
  private static final Logger LOG = LoggerFactory.getLogger(Reconciler.class);

  /** Around a mark's own time: without bounds, Grafana reads its whole table. */
  private static final long WINDOW_MILLIS = Duration.ofHours(1).toMillis();

  /** Then a Grafana that shows no change will show none. */
  private static final int MOST_REBUILDS = 3;

  private final GrafanaClient grafana;
  private final InstantSource clock;
  private final Duration recheckAfter;

  /**
   * A reconciler without state of its own.
   *
   * @param recheckAfter when a request whose answer was lost has arrived, if ever
   */
  Reconciler(GrafanaClient grafana, InstantSource clock, Duration recheckAfter) {
    this.grafana = grafana;
    this.clock = clock;
    this.recheckAfter = recheckAfter;
  }

  /**
   * Does one step.
   *
   * @param keep is called with what must be on disk before the next request
   * @return how far the mark got; to be kept, and to be given to the next step
   * @throws GrafanaException if the step is to be tried again later
   */
  Delivery step(Entry entry, Consumer<Delivery> keep) {
    try {
      return closer(entry, keep);
    } catch (GrafanaException e) {
      if (e.problem() == Problem.INVALID) {
        LOG.warn("mark was rejected mark={} reason={}", entry.mark().key(), e.getMessage());
        return entry.delivery().rejected();
      }
      throw e;
    }
  }

  private Delivery closer(Entry entry, Consumer<Delivery> keep) {
    if (entry.delivery().state() == State.UNSENT) {
      return create(entry.mark(), entry.delivery(), keep);
    }
    List<Found> found = find(entry.mark());
    Optional<Found> ours = ours(found, entry.delivery().id());
    ours.ifPresent(kept -> deleteOthers(found, kept));
    return ours.isPresent()
        ? correct(entry, ours.get(), keep)
        : replace(entry.mark(), entry.delivery(), keep);
  }

  private List<Found> find(Mark mark) {
    long end = mark.timeEnd() == null ? mark.time() : mark.timeEnd();
    return grafana
        .search(mark.time() - WINDOW_MILLIS, end + WINDOW_MILLIS, mark.identity())
        .stream()
        .filter(annotation -> annotation.id() > 0 && annotation.carries(mark.identity()))
        .sorted(Comparator.comparingLong(Found::id))
        .toList();
  }

  /** The one that we know, else the first. */
  private static Optional<Found> ours(List<Found> found, long id) {
    Optional<Found> known = found.stream().filter(annotation -> annotation.id() == id).findFirst();
    return known.isPresent() ? known : found.stream().findFirst();
  }

  private void deleteOthers(List<Found> found, Found kept) {
    for (Found other : found) {
      if (other.id() != kept.id()) {
        LOG.info("mark is doubled, deleting id={} keeping id={}", other.id(), kept.id());
        delete(other.id());
      }
    }
  }

  /** It is there: is it as it should be? */
  private Delivery correct(Entry entry, Found kept, Consumer<Delivery> keep) {
    Mark mark = entry.mark();
    Delivery delivery = entry.delivery();
    if (mark.withdrawn()) {
      delete(kept.id());
      return delivery.unsent();
    }
    boolean asPatched = mark.equals(delivery.patched());
    boolean asSettled = mark.equals(delivery.settled());
    boolean textKnown = asPatched || asSettled || mark.text().equals(kept.text());
    if (endsRight(mark, kept) && textKnown) {
      return acknowledged(delivery, kept.id(), mark);
    }
    if (!asPatched) {
      return patch(mark, delivery, kept);
    }
    if (delivery.rebuilds() >= MOST_REBUILDS) {
      LOG.warn("mark cannot be changed id={} mark={}", kept.id(), mark.key());
      return acknowledged(delivery, kept.id(), mark);
    }
    Delivery rebuilding = delivery.rebuilding();
    keep.accept(rebuilding);
    delete(kept.id());
    return create(mark, rebuilding, keep);
  }

  private static boolean endsRight(Mark mark, Found kept) {
    Long end = mark.timeEnd();
    return end == null ? !kept.isRegion() : kept.isRegion() && kept.timeEnd() == end;
  }

  private Delivery patch(Mark mark, Delivery delivery, Found kept) {
    try {
      grafana.update(kept.id(), new Change(mark.text(), newEnd(mark, kept)));
    } catch (GrafanaException e) {
      if (e.problem() != Problem.GONE) {
        throw e;
      }
      // Deleted since we looked: the next look will show it.
    }
    return delivery.patched(kept.id(), mark);
  }

  /**
   * A region whose end was no end, because what ended began again, becomes a point by its start.
   */
  private static @Nullable Long newEnd(Mark mark, Found kept) {
    return mark.timeEnd() == null && kept.isRegion() ? Long.valueOf(mark.time()) : mark.timeEnd();
  }

  /** It is not there. */
  private Delivery replace(Mark mark, Delivery delivery, Consumer<Delivery> keep) {
    if (mark.withdrawn()) {
      return delivery.unsent();
    }
    if (delivery.state() == State.ACKNOWLEDGED && delivery.id() == 0) {
      throw new GrafanaException(
          Problem.GONE, "Grafana took the mark " + mark.key() + " and does not show it yet", null);
    }
    // The lost request may still be on its way, so look again once it must have arrived.
    return create(
        mark, delivery.recheckedAt(clock.instant().plus(recheckAfter).toEpochMilli()), keep);
  }

  private Delivery create(Mark mark, Delivery delivery, Consumer<Delivery> keep) {
    keep.accept(delivery.sending());
    try {
      OptionalLong id =
          grafana.create(new NewAnnotation(mark.text(), mark.time(), mark.timeEnd(), mark.tags()));
      return id.isPresent()
          ? delivery.acknowledged(id.getAsLong(), mark)
          : delivery.acknowledged(0, null);
    } catch (GrafanaException e) {
      if (e.nothingDone()) {
        keep.accept(delivery);
      }
      throw e;
    }
  }

  private Delivery acknowledged(Delivery delivery, long id, Mark mark) {
    Delivery settled = delivery.acknowledged(id, mark);
    boolean rechecked = settled.recheckAt() <= clock.millis();
    return rechecked ? settled.recheckedAt(0) : settled;
  }

  private void delete(long id) {
    try {
      grafana.delete(id);
    } catch (GrafanaException e) {
      if (e.problem() != Problem.GONE) {
        throw e;
      }
      // Somebody else was faster.
    }
  }
}
