package dev.firebreak.annotations.grafana;

import dev.firebreak.annotations.grafana.GrafanaConnection.Missing;
import dev.firebreak.annotations.grafana.GrafanaException.Problem;
import dev.firebreak.annotations.grafana.OperationListener.Operation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The annotations of Grafana's app platform. Ids are names: ours, where Grafana keeps them; a name
 * that was deleted can never be used again. Ends do not move.
 */
final class AppStore implements AnnotationStore {
  private static final int PAGE = 100;

  /** A run has far fewer marks of one role and service. */
  private static final int MOST_PAGES = 10;

  private final GrafanaConnection connection;
  private final AppApi api;
  private final String namespace;
  private final Optional<DashboardPlace> place;

  /**
   * A store of one organisation.
   *
   * @param namespace {@code default}, {@code org-<number>} or {@code stacks-<number>}
   */
  AppStore(GrafanaConnection connection, String namespace, Optional<DashboardPlace> place) {
    this.connection = connection;
    this.api = connection.api(AppApi.class);
    this.namespace = namespace;
    this.place = place;
  }

  @Override
  public String title() {
    return "app platform, " + AppApi.VERSION + ", namespace " + namespace;
  }

  @Override
  public boolean movesEnds() {
    return false;
  }

  @Override
  public Optional<String> create(NewAnnotation annotation) {
    AppApi.Annotation wanted =
        new AppApi.Annotation(
            AppApi.VERSION,
            "Annotation",
            new AppApi.Metadata(annotation.name(), namespace),
            spec(annotation));
    return name(
        connection.asked(Operation.CREATE, Missing.PATH, () -> api.create(namespace, wanted)));
  }

  private AppApi.Spec spec(NewAnnotation annotation) {
    return new AppApi.Spec(
        annotation.text(),
        annotation.time(),
        annotation.timeEnd(),
        place.map(DashboardPlace::uid).orElse(null),
        place.flatMap(DashboardPlace::panelNumber).orElse(null),
        annotation.tags());
  }

  private static Optional<String> name(AppApi.Annotation annotation) {
    return Optional.ofNullable(annotation.metadata())
        .map(AppApi.Metadata::name)
        .filter(name -> !name.isEmpty());
  }

  @Override
  public void update(String id, Change change) {
    AppApi.Patch patch = new AppApi.Patch(new AppApi.NewText(change.text()));
    connection.asked(Operation.UPDATE, Missing.ANNOTATION, () -> api.update(namespace, id, patch));
  }

  @Override
  public void delete(String id) {
    // Whether the answer has a body depends on the store behind it.
    connection.asked(
        Operation.DELETE,
        Missing.ANNOTATION,
        () -> {
          api.delete(namespace, id);
          return id;
        });
  }

  @Override
  public List<Found> search(long fromMillis, long toMillis, List<String> tags) {
    List<Found> found = new ArrayList<>();
    String more = null;
    for (int i = 0; i < MOST_PAGES; i++) {
      AppApi.Page page = page(fromMillis, toMillis, tags, more);
      if (page.items() == null) {
        throw new GrafanaException(
            Problem.UNEXPECTED, "the answer to a search has no items: is this a Grafana?", null);
      }
      page.items().forEach(item -> found(item).ifPresent(found::add));
      more = page.metadata() == null ? null : page.metadata().more();
      if (more == null || more.isEmpty()) {
        return found;
      }
    }
    throw new GrafanaException(
        Problem.UNEXPECTED, "a search has more than " + MOST_PAGES + " pages", null);
  }

  private AppApi.Page page(long from, long to, List<String> tags, @Nullable String more) {
    return connection.asked(
        Operation.SEARCH, Missing.PATH, () -> api.search(namespace, from, to, PAGE, tags, more));
  }

  private static Optional<Found> found(AppApi.Annotation item) {
    AppApi.Spec spec = item.spec();
    return spec == null
        ? Optional.empty()
        : name(item)
            .map(
                name ->
                    new Found(
                        name,
                        spec.time(),
                        spec.timeEnd() == null ? 0 : spec.timeEnd(),
                        spec.text() == null ? "" : spec.text(),
                        spec.tags() == null ? List.of() : spec.tags()));
  }
}
