package dev.firebreak.annotations.grafana;

import dev.firebreak.annotations.grafana.AnnotationStore.Change;
import dev.firebreak.annotations.grafana.AnnotationStore.Found;
import dev.firebreak.annotations.grafana.AnnotationStore.NewAnnotation;
import dev.firebreak.annotations.grafana.Delivery.State;
import dev.firebreak.annotations.grafana.GrafanaException.Problem;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
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

  /**
   * Where ends do not move, each end is a rebuild; more of them than any service fails in a run.
   */
  private static final int MOST_NEW_ENDS = 100;

  private final AnnotationStore grafana;
  private final InstantSource clock;
  private final Duration recheckAfter;

  /**
   * A reconciler without state of its own.
   *
   * @param recheckAfter when a request whose answer was lost has arrived, if ever
   */
  Reconciler(AnnotationStore grafana, InstantSource clock, Duration recheckAfter) {
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
    if (entry.delivery().state() == State.UNSENT && !entry.mark().withdrawn()) {
      return create(entry.mark(), entry.delivery(), keep);
    }
    List<Found> found = find(entry.mark());
    Optional<Found> ours = ours(found, entry.delivery().id());
    ours.ifPresent(kept -> deleteOthers(found, kept, entry.delivery(), keep));
    return ours.isPresent()
        ? correct(entry, ours.get(), keep)
        : replace(entry.mark(), entry.delivery(), keep);
  }

  private List<Found> find(Mark mark) {
    long end = mark.timeEnd() == null ? mark.time() : mark.timeEnd();
    return grafana
        .search(mark.time() - WINDOW_MILLIS, end + WINDOW_MILLIS, mark.identity())
        .stream()
        .filter(annotation -> annotation.carries(mark.identity()))
        .sorted(Comparator.comparingInt((Found one) -> one.id().length()).thenComparing(Found::id))
        .toList();
  }

  /** The one that we know, else the first; numbers in their order. */
  private static Optional<Found> ours(List<Found> found, String id) {
    Optional<Found> known =
        found.stream().filter(annotation -> annotation.id().equals(id)).findFirst();
    return known.isPresent() ? known : found.stream().findFirst();
  }

  private void deleteOthers(
      List<Found> found, Found kept, Delivery delivery, Consumer<Delivery> keep) {
    for (Found other : found) {
      if (!other.id().equals(kept.id())) {
        LOG.info("mark is doubled, deleting id={} keeping id={}", other.id(), kept.id());
        delete(other.id(), delivery, keep);
      }
    }
  }

  /** It is there: is it as it should be? */
  private Delivery correct(Entry entry, Found kept, Consumer<Delivery> keep) {
    Mark mark = entry.mark();
    Delivery delivery = entry.delivery();
    if (mark.withdrawn()) {
      delete(kept.id(), delivery, keep);
      return looked(delivery.unsent());
    }
    boolean endsRight = endsRight(mark, kept);
    boolean asPatched = mark.equals(delivery.patched());
    if (endsRight && (asPatched || hasText(mark, delivery, kept))) {
      return looked(delivery.acknowledged(kept.id(), mark));
    }
    boolean cannotMove = !endsRight && !grafana.movesEnds();
    if (!asPatched && !cannotMove) {
      return patch(mark, delivery, kept, keep);
    }
    if (delivery.rebuilds() >= (cannotMove ? MOST_NEW_ENDS : MOST_REBUILDS)) {
      LOG.warn("mark cannot be changed id={} mark={}", kept.id(), mark.key());
      return looked(delivery.acknowledged(kept.id(), mark));
    }
    Delivery rebuilding = delivery.rebuilding();
    keep.accept(rebuilding);
    delete(kept.id(), rebuilding, keep);
    return create(mark, rebuilding, keep);
  }

  private static boolean endsRight(Mark mark, Found kept) {
    Long end = mark.timeEnd();
    return end == null ? !kept.isRegion() : kept.isRegion() && kept.timeEnd() == end;
  }

  /**
   * A text that was seen to arrive need not be as it was sent, if a Grafana tidies it; unless it is
   * looked at again because a lost request may have brought back an older one.
   */
  private static boolean hasText(Mark mark, Delivery delivery, Found kept) {
    boolean arrived = mark.equals(delivery.settled()) && delivery.recheckAt() == 0;
    return arrived || mark.text().equals(kept.text());
  }

  private Delivery patch(Mark mark, Delivery delivery, Found kept, Consumer<Delivery> keep) {
    Change change = new Change(mark.text(), newEnd(mark, kept));
    written(delivery, keep, () -> grafana.update(kept.id(), change));
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
      // What was sent, and its answer lost, may come yet, and would have to go.
      boolean mayCome = delivery.state() == State.SENT && delivery.recheckAt() == 0;
      return mayCome ? lookingAgain(delivery.unsent()) : looked(delivery.unsent());
    }
    if (delivery.state() == State.ACKNOWLEDGED && delivery.id().isEmpty()) {
      throw new GrafanaException(
          Problem.GONE, "Grafana took the mark " + mark.key() + " and does not show it yet", null);
    }
    // The lost request may still be on its way, so look again once it must have arrived.
    return create(mark, lookingAgain(delivery), keep);
  }

  private Delivery create(Mark mark, Delivery delivery, Consumer<Delivery> keep) {
    keep.accept(delivery.sending());
    try {
      return grafana
          .create(
              new NewAnnotation(
                  mark.name(delivery.rebuilds()),
                  mark.text(),
                  mark.time(),
                  mark.timeEnd(),
                  mark.tags()))
          .map(id -> delivery.acknowledged(id, mark))
          .orElseGet(delivery::taken);
    } catch (GrafanaException e) {
      if (e.problem() == Problem.TAKEN) {
        // By a request that was lost, or by what was deleted: the next look tells which.
        return delivery.rebuilding();
      }
      if (e.nothingDone()) {
        keep.accept(delivery);
      }
      throw e;
    }
  }

  private void delete(String id, Delivery delivery, Consumer<Delivery> keep) {
    written(delivery, keep, () -> grafana.delete(id));
  }

  /** A change whose answer is lost may arrive after the next one: so look again then. */
  private void written(Delivery delivery, Consumer<Delivery> keep, Runnable request) {
    try {
      request.run();
    } catch (GrafanaException e) {
      if (e.problem() == Problem.GONE) {
        // Somebody deleted it since we looked: the next look will show it.
        return;
      }
      if (!e.nothingDone()) {
        keep.accept(lookingAgain(delivery));
      }
      throw e;
    }
  }

  private Delivery lookingAgain(Delivery delivery) {
    return delivery.recheckedAt(clock.instant().plus(recheckAfter).toEpochMilli());
  }

  /** Whoever looked when it was time to look again need not do so once more. */
  private Delivery looked(Delivery delivery) {
    return delivery.recheckAt() <= clock.millis() ? delivery.recheckedAt(0) : delivery;
  }
}
