package dev.firebreak.annotations.grafana;

import dev.firebreak.annotations.grafana.GrafanaConnection.Missing;
import dev.firebreak.annotations.grafana.OperationListener.Operation;
import java.util.List;
import java.util.Optional;

/** The API that every Grafana has. Ids are numbers; names are not kept. */
final class LegacyStore implements AnnotationStore {
  /** A run has far fewer marks of one role and service; Grafana's own default is 100. */
  private static final int MOST_FOUND = 100;

  private final GrafanaConnection connection;
  private final LegacyApi api;
  private final Optional<DashboardPlace> place;

  LegacyStore(GrafanaConnection connection, Optional<DashboardPlace> place) {
    this.connection = connection;
    this.api = connection.api(LegacyApi.class);
    this.place = place;
  }

  @Override
  public String title() {
    return "legacy, /api/annotations";
  }

  @Override
  public boolean movesEnds() {
    return true;
  }

  @Override
  public Optional<String> create(NewAnnotation annotation) {
    Long id =
        connection.asked(Operation.CREATE, Missing.PATH, () -> api.create(placed(annotation))).id();
    return id == null || id <= 0 ? Optional.empty() : Optional.of(String.valueOf(id));
  }

  private LegacyApi.Annotation placed(NewAnnotation annotation) {
    return new LegacyApi.Annotation(
        annotation.text(),
        annotation.time(),
        annotation.timeEnd(),
        annotation.tags(),
        place.map(DashboardPlace::uid).orElse(null),
        place.flatMap(DashboardPlace::panelNumber).orElse(null));
  }

  @Override
  public void update(String id, Change change) {
    connection.asked(Operation.UPDATE, Missing.ANNOTATION, () -> api.update(id, change));
  }

  @Override
  public void delete(String id) {
    connection.asked(Operation.DELETE, Missing.ANNOTATION, () -> api.delete(id));
  }

  @Override
  public List<Found> search(long fromMillis, long toMillis, List<String> tags) {
    return connection
        .asked(
            Operation.SEARCH,
            Missing.PATH,
            () -> api.search(fromMillis, toMillis, MOST_FOUND, tags))
        .stream()
        .filter(item -> item.id() > 0)
        .map(LegacyStore::found)
        .toList();
  }

  private static Found found(LegacyApi.Item item) {
    return new Found(
        String.valueOf(item.id()),
        item.time(),
        item.timeEnd(),
        item.text() == null ? "" : item.text(),
        item.tags() == null ? List.of() : item.tags());
  }
}
