package dev.firebreak.annotations.grafana;

import dev.firebreak.annotations.grafana.GrafanaApi.Dashboard;
import dev.firebreak.annotations.grafana.GrafanaApi.Health;
import dev.firebreak.annotations.grafana.GrafanaConnection.Missing;
import dev.firebreak.annotations.grafana.GrafanaException.Problem;
import dev.firebreak.annotations.grafana.OperationListener.Operation;
import feign.Client;
import feign.FeignException;
import feign.RetryableException;
import java.util.Optional;

/** One Grafana. Every call blocks for a few seconds at most and throws {@link GrafanaException}. */
final class GrafanaClient {
  private static final AppApi.Resources NONE = new AppApi.Resources(null);

  private final GrafanaSettings settings;
  private final GrafanaConnection connection;
  private final GrafanaApi api;
  private final Optional<DashboardPlace> place;

  GrafanaClient(GrafanaSettings settings, OperationListener operations) {
    this(settings, new GrafanaConnection(settings, operations));
  }

  /** With requests sent by {@code transport}. */
  GrafanaClient(GrafanaSettings settings, OperationListener operations, Client transport) {
    this(settings, new GrafanaConnection(settings, operations, transport));
  }

  private GrafanaClient(GrafanaSettings settings, GrafanaConnection connection) {
    this.settings = settings;
    this.connection = connection;
    this.api = connection.api(GrafanaApi.class);
    this.place = settings.place();
  }

  /**
   * Where this Grafana keeps annotations. If the choice is left to it: by the new API where that is
   * on, because the old one then no longer moves an end and says that it did; else by the old one.
   *
   * @throws GrafanaException if Grafana does not say; asking again later may help
   */
  AnnotationStore annotations() {
    boolean app =
        switch (settings.api()) {
          case LEGACY -> false;
          case APP -> true;
          case AUTO -> hasAppPlatform();
        };
    return app ? new AppStore(connection, namespace(), place) : new LegacyStore(connection, place);
  }

  private boolean hasAppPlatform() {
    AppApi apis = connection.api(AppApi.class);
    return connection
        .asked(Operation.LOOKUP, Missing.PATH, () -> resources(apis))
        .has("annotations");
  }

  /** Most Grafanas answer 404, or with a page for people, and that is an answer. */
  private static AppApi.Resources resources(AppApi apis) {
    try {
      AppApi.Resources resources = apis.resources();
      return resources == null ? NONE : resources;
    } catch (RetryableException e) {
      throw e;
    } catch (FeignException e) {
      return NONE;
    } catch (GrafanaException e) {
      return switch (e.problem()) {
        case GONE, FORBIDDEN, INVALID, UNEXPECTED, TAKEN -> NONE;
        case UNAUTHORIZED, NO_DASHBOARD, UNAVAILABLE, UNREACHABLE -> throw e;
      };
    }
  }

  /** The organisation of the token, as the app platform names it. */
  private String namespace() {
    String told =
        connection.asked(Operation.LOOKUP, Missing.PATH, () -> api.frontendSettings()).namespace();
    if (told != null && !told.isBlank()) {
      return told;
    }
    long organisation =
        connection.asked(Operation.LOOKUP, Missing.PATH, () -> api.organisation()).id();
    return organisation == 1 ? "default" : "org-" + organisation;
  }

  /** The version of this Grafana, as far as it tells. */
  String version() {
    Health health = connection.asked(Operation.LOOKUP, Missing.PATH, api::health);
    return health.version() == null ? "of an untold version" : health.version();
  }

  /** A wrong UID is an error here, where a POST would make it a mark of the organisation. */
  void findPlace() {
    if (place.isPresent()) {
      connection.asked(Operation.LOOKUP, Missing.ANNOTATION, () -> dashboard(place.get().uid()));
    }
  }

  private Dashboard dashboard(String uid) {
    try {
      return api.dashboard(uid);
    } catch (GrafanaException e) {
      if (e.problem() == Problem.GONE) {
        throw new GrafanaException(
            Problem.NO_DASHBOARD,
            "there is no dashboard with the UID %s, or the token may not see it".formatted(uid),
            e);
      }
      throw e;
    }
  }
}
