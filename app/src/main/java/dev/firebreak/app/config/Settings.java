package dev.firebreak.app.config;

import dev.firebreak.annotations.grafana.AnnotationApi;
import dev.firebreak.annotations.grafana.DashboardPlace;
import dev.firebreak.annotations.grafana.GrafanaSettings;
import dev.firebreak.annotations.grafana.LinkTemplate;
import dev.firebreak.annotations.grafana.MarkLinks;
import dev.firebreak.annotations.silences.AlertmanagerSettings;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * What the environment says about this installation.
 *
 * @param home where state is kept: {@code FIREBREAK_HOME}, by default {@code ~/.firebreak}
 * @param grafana where annotations go, if anywhere
 * @param alertmanager where silences are made, if anywhere
 * @param metricsPort the port of the own metrics page on loopback; 0 takes a free one
 * @param baggageHosts the hosts, without port, whose requests say the run's id
 * @param openTelemetry the {@code OTEL_*} variables, as they are
 */
public record Settings(
    Path home,
    Optional<Grafana> grafana,
    Optional<Alertmanager> alertmanager,
    OptionalInt metricsPort,
    Set<String> baggageHosts,
    Map<String, String> openTelemetry) {
  private static final int LARGEST_PORT = 65_535;

  private static final Pattern HOST = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?");

  public Settings {
    baggageHosts = Set.copyOf(baggageHosts);
    openTelemetry = Map.copyOf(openTelemetry);
  }

  /**
   * A Grafana and the service-account token for it.
   *
   * @param token secret; never printed
   * @param place the dashboard for the annotations, if not all
   * @param api by which of Grafana's APIs
   * @param links where the annotations lead
   */
  public record Grafana(
      URI url, String token, Optional<DashboardPlace> place, AnnotationApi api, MarkLinks links) {
    /** As whoever writes annotations needs it. */
    public GrafanaSettings connection() {
      return GrafanaSettings.of(url, token).at(place).by(api);
    }

    @Override
    public String toString() {
      return "Grafana[" + url + "]";
    }
  }

  /**
   * An Alertmanager, and where the comments of its silences lead.
   *
   * @param report to the run's report
   */
  public record Alertmanager(AlertmanagerSettings settings, Optional<LinkTemplate> report) {}

  /** The environment says something that is not allowed; the message names every mistake. */
  public static final class SettingsException extends Exception {
    private static final long serialVersionUID = 1L;

    SettingsException(List<String> mistakes) {
      super(String.join("\n", mistakes));
    }
  }

  /**
   * Reads the variables of the environment.
   *
   * @param userHome for the default of {@code FIREBREAK_HOME}
   * @throws SettingsException if one of them has a value that is not allowed
   */
  public static Settings from(Map<String, String> environment, Path userHome)
      throws SettingsException {
    List<String> mistakes = new ArrayList<>();
    String home = environment.getOrDefault("FIREBREAK_HOME", "");
    MarkLinks links =
        new MarkLinks(
            read("FIREBREAK_REPORT_URL", LinkTemplate::new, environment, mistakes),
            read("FIREBREAK_TRACE_URL", LinkTemplate::new, environment, mistakes));
    Settings settings =
        new Settings(
            home.isBlank() ? userHome.resolve(".firebreak") : Path.of(home).toAbsolutePath(),
            grafana(environment, links, mistakes),
            alertmanager(environment, links.report(), mistakes),
            metricsPort(environment, mistakes),
            baggageHosts(environment, mistakes),
            openTelemetry(environment));
    if (!mistakes.isEmpty()) {
      throw new SettingsException(mistakes);
    }
    return settings;
  }

  private static Optional<Grafana> grafana(
      Map<String, String> environment, MarkLinks links, List<String> mistakes) {
    String url = environment.getOrDefault("FIREBREAK_GRAFANA_URL", "");
    String token = environment.getOrDefault("FIREBREAK_GRAFANA_TOKEN", "");
    if (url.isBlank()) {
      return Optional.empty();
    }
    if (token.isBlank()) {
      mistakes.add(
          "FIREBREAK_GRAFANA_URL is set, but FIREBREAK_GRAFANA_TOKEN is not; needed is the token of"
              + " a service account that may write annotations");
    }
    Optional<URI> address = httpUrl(url);
    if (address.isEmpty()) {
      mistakes.add(
          "FIREBREAK_GRAFANA_URL: %s is no address; allowed: http:// or https:// and a host"
              .formatted(shown(url)));
    }
    Optional<DashboardPlace> place =
        read("FIREBREAK_GRAFANA_DASHBOARD", DashboardPlace::parse, environment, mistakes);
    AnnotationApi api =
        read("FIREBREAK_GRAFANA_API", AnnotationApi::parse, environment, mistakes)
            .orElse(AnnotationApi.AUTO);
    address.ifPresent(valid -> check(valid, token, mistakes));
    return address.map(valid -> new Grafana(valid, token, place, api, links));
  }

  /** What has an @ may hold a password. */
  private static String shown(String url) {
    return url.contains("@") ? "what is set there, with an @," : "\"" + url + "\"";
  }

  private static void check(URI url, String token, List<String> mistakes) {
    try {
      var unused = token.isBlank() ? null : GrafanaSettings.of(url, token);
    } catch (IllegalArgumentException e) {
      mistakes.add("FIREBREAK_GRAFANA_URL, FIREBREAK_GRAFANA_TOKEN: " + e.getMessage());
    }
  }

  private static Optional<Alertmanager> alertmanager(
      Map<String, String> environment, Optional<LinkTemplate> report, List<String> mistakes) {
    String url = environment.getOrDefault("FIREBREAK_ALERTMANAGER_URL", "");
    if (url.isBlank()) {
      return Optional.empty();
    }
    Optional<URI> address = httpUrl(url);
    if (address.isEmpty()) {
      mistakes.add(
          "FIREBREAK_ALERTMANAGER_URL: \"%s\" is no address; allowed: http:// or https:// and a host"
              .formatted(url));
      return Optional.empty();
    }
    Optional<String> label = set("FIREBREAK_ALERTMANAGER_SERVICE_LABEL", environment);
    try {
      AlertmanagerSettings settings =
          new AlertmanagerSettings(
              address.get(),
              set("FIREBREAK_ALERTMANAGER_TOKEN", environment),
              label.orElse(AlertmanagerSettings.DEFAULT_SERVICE_LABEL),
              set("FIREBREAK_ALERTMANAGER_ENVIRONMENT_LABEL", environment));
      return Optional.of(new Alertmanager(settings, report));
    } catch (IllegalArgumentException e) {
      mistakes.add(
          "FIREBREAK_ALERTMANAGER_URL, _TOKEN, _SERVICE_LABEL, _ENVIRONMENT_LABEL: "
              + e.getMessage());
      return Optional.empty();
    }
  }

  private static Optional<String> set(String variable, Map<String, String> environment) {
    return Optional.of(environment.getOrDefault(variable, "").strip())
        .filter(text -> !text.isEmpty());
  }

  /** What {@code reader} makes of the variable; its objection is a mistake. */
  private static <T> Optional<T> read(
      String variable,
      Function<String, T> reader,
      Map<String, String> environment,
      List<String> mistakes) {
    Optional<String> text = set(variable, environment);
    try {
      return text.map(reader);
    } catch (IllegalArgumentException e) {
      mistakes.add(variable + ": " + e.getMessage());
      return Optional.empty();
    }
  }

  private static Optional<URI> httpUrl(String text) {
    try {
      URI url = new URI(text.strip());
      boolean http = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
      return http && url.getHost() != null ? Optional.of(url) : Optional.empty();
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }

  private static OptionalInt metricsPort(Map<String, String> environment, List<String> mistakes) {
    String text = environment.getOrDefault("FIREBREAK_METRICS_PORT", "").strip();
    if (text.isEmpty()) {
      return OptionalInt.empty();
    }
    try {
      int port = Integer.parseInt(text);
      if (port >= 0 && port <= LARGEST_PORT) {
        return OptionalInt.of(port);
      }
    } catch (NumberFormatException e) {
      // Falls through to the one message for both mistakes.
    }
    mistakes.add(
        "FIREBREAK_METRICS_PORT: \"%s\" is no port; allowed: 0 to %d, 0 takes a free one"
            .formatted(text, LARGEST_PORT));
    return OptionalInt.empty();
  }

  private static Set<String> baggageHosts(Map<String, String> environment, List<String> mistakes) {
    Set<String> hosts = new TreeSet<>();
    for (String part : environment.getOrDefault("FIREBREAK_BAGGAGE_HOSTS", "").split(",", -1)) {
      String host = part.strip();
      if (HOST.matcher(host).matches()) {
        hosts.add(host);
      } else if (!host.isEmpty()) {
        mistakes.add(
            "FIREBREAK_BAGGAGE_HOSTS: \"%s\" is no host; allowed: names or IPv4 addresses, without port, with commas between them"
                .formatted(host));
      }
    }
    return hosts;
  }

  private static Map<String, String> openTelemetry(Map<String, String> environment) {
    SortedMap<String, String> variables = new TreeMap<>();
    environment.forEach(
        (name, value) -> {
          if (name.startsWith("OTEL_")) {
            variables.put(name, value);
          }
        });
    return variables;
  }
}
