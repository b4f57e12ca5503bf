package dev.firebreak.annotations.grafana;

import dev.firebreak.annotations.Trial;
import dev.firebreak.annotations.grafana.AnnotationStore.Change;
import dev.firebreak.annotations.grafana.AnnotationStore.Found;
import dev.firebreak.annotations.grafana.AnnotationStore.NewAnnotation;
import dev.firebreak.annotations.grafana.OperationListener.Operation;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Tries every right that marks need, on one annotation of its own that it removes. For one use by
 * one thread; blocks for some seconds per request at most.
 */
public final class GrafanaCheck {
  private static final long WINDOW_MILLIS = 60_000;
  private static final long LENGTH_MILLIS = 1_000;

  private final GrafanaClient grafana;
  private final GrafanaSettings settings;
  private final long time;
  private final List<String> tags;
  private final List<Trial> trials = new ArrayList<>();
  private Optional<AnnotationStore> store = Optional.empty();
  private Optional<String> id = Optional.empty();
  private boolean readable;

  private GrafanaCheck(GrafanaSettings settings, InstantSource clock) {
    this.grafana = new GrafanaClient(settings, OperationListener.none());
    this.settings = settings;
    this.time = clock.millis();
    this.tags = List.of("firebreak-doctor", "run:doctor-" + time);
  }

  /** What works and what does not, in the order in which it was tried. Throws nothing. */
  public static List<Trial> of(GrafanaSettings settings, InstantSource clock) {
    GrafanaCheck check = new GrafanaCheck(settings, clock);
    if (check.answers() && check.hasPlace()) {
      check.chooseApi();
      check.store.ifPresent(check::tryRights);
    }
    return List.copyOf(check.trials);
  }

  private boolean answers() {
    return tried("Grafana", () -> "version " + grafana.version() + " at " + settings.base());
  }

  /** Without its dashboard a mark would go astray, so nothing is written then. */
  private boolean hasPlace() {
    return settings.place().isEmpty()
        || tried(
            "Grafana, dashboard",
            () -> {
              grafana.findPlace();
              return "there is one with the UID " + settings.place().get().uid();
            });
  }

  private void chooseApi() {
    tried(
        "Grafana, API",
        () -> {
          AnnotationStore chosen = grafana.annotations();
          store = Optional.of(chosen);
          return chosen.title() + chosenBy();
        });
  }

  private String chosenBy() {
    return settings.api() == AnnotationApi.AUTO
        ? ", chosen by what Grafana offers"
        : ", as FIREBREAK_GRAFANA_API says";
  }

  private void tryRights(AnnotationStore annotations) {
    boolean created = tried(right(Operation.CREATE), () -> create(annotations));
    readable =
        tried(right(Operation.SEARCH), () -> created ? readBack(annotations) : search(annotations));
    if (!created) {
      return;
    }
    if (id.isEmpty()) {
      failed("Grafana", "the annotation of this trial is not found again, look for " + tags);
      return;
    }
    tried(right(Operation.UPDATE), () -> change(annotations));
    if (!tried(right(Operation.DELETE), () -> delete(annotations))) {
      failed(
          "Grafana",
          "the annotation %s of this trial is still there: delete it by hand".formatted(id.get()));
    }
  }

  private static String right(Operation operation) {
    return "Grafana, " + operation.right();
  }

  private String create(AnnotationStore annotations) {
    id =
        annotations.create(
            new NewAnnotation(
                "firebreak-doctor-" + time,
                "Firebreak tries what its token may do, and removes this again.",
                time,
                null,
                tags));
    return "wrote an annotation";
  }

  private String search(AnnotationStore annotations) {
    find(annotations);
    return "may search";
  }

  private String readBack(AnnotationStore annotations) {
    Found found =
        find(annotations)
            .orElseThrow(
                () ->
                    new GrafanaException(
                        GrafanaException.Problem.UNEXPECTED,
                        "Grafana took the annotation and does not show it",
                        null));
    id = Optional.of(found.id());
    return "read it back";
  }

  private String change(AnnotationStore annotations) {
    annotations.update(id.get(), new Change("Firebreak was here.", time + LENGTH_MILLIS));
    if (!readable) {
      return "changed it";
    }
    boolean kept =
        find(annotations).map(found -> found.timeEnd() == time + LENGTH_MILLIS).orElse(false);
    return kept
        ? "gave it an end"
        : "this Grafana keeps no new end: regions are deleted and made anew";
  }

  private String delete(AnnotationStore annotations) {
    annotations.delete(id.get());
    return "removed it";
  }

  private Optional<Found> find(AnnotationStore annotations) {
    return annotations.search(time - WINDOW_MILLIS, time + WINDOW_MILLIS, tags).stream()
        .filter(found -> found.carries(tags))
        .findFirst();
  }

  private boolean tried(String subject, Supplier<String> attempt) {
    try {
      trials.add(new Trial(subject, true, attempt.get()));
      return true;
    } catch (GrafanaException e) {
      failed(subject, e.getMessage() + advice(e.problem()));
      return false;
    }
  }

  private void failed(String subject, String told) {
    trials.add(new Trial(subject, false, told));
  }

  private static String advice(GrafanaException.Problem problem) {
    return switch (problem) {
      case UNAUTHORIZED ->
          ". Make a new token for the service account and set FIREBREAK_GRAFANA_TOKEN to it";
      case FORBIDDEN -> ". Give the service account this right, or in Grafana OSS the role Editor";
      case NO_DASHBOARD -> ". Correct FIREBREAK_GRAFANA_DASHBOARD";
      case UNREACHABLE -> ". Is FIREBREAK_GRAFANA_URL right, and does Grafana run?";
      case UNEXPECTED -> ". Is FIREBREAK_GRAFANA_URL right, with its path prefix?";
      case UNAVAILABLE -> ". Try again later";
      case INVALID, GONE, TAKEN -> "";
    };
  }
}
