package dev.firebreak.run;

import dev.firebreak.probe.Change;
import dev.firebreak.probe.SeriesId;
import dev.firebreak.service.ServiceName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which changes are worth an event: those of services that the run sees, and not without end. A
 * rolling deploy shows once for each instance, a crash loop for ever; neither may drown the rest.
 * Owned by the run's thread.
 */
final class NotableChanges {
  static final int MOST_OF_A_SERVICE = 10;
  static final int MOST = 200;

  private final Set<ServiceName> services = new HashSet<>();
  private final Map<ServiceName, Integer> told = new HashMap<>();
  private int toldInAll;

  NotableChanges(List<SeriesId> series) {
    series.forEach(id -> services.add(id.service()));
  }

  /** Those of {@code seen} to be told now; the last one of a service says that it is. */
  List<Change> among(List<Change> seen) {
    List<Change> notable = new ArrayList<>();
    for (Change change : seen) {
      int earlier = told.getOrDefault(change.service(), 0);
      if (services.contains(change.service()) && earlier < MOST_OF_A_SERVICE && toldInAll < MOST) {
        told.put(change.service(), earlier + 1);
        toldInAll++;
        boolean last = earlier + 1 == MOST_OF_A_SERVICE || toldInAll == MOST;
        notable.add(last ? last(change) : change);
      }
    }
    return notable;
  }

  private static Change last(Change change) {
    return new Change(
        change.service(), change.kind(), change.detail() + "; what follows of this is not told");
  }
}
