package dev.firebreak.dashboards.grafana;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The files that Grafana is given. */
public final class GrafanaFiles {
  /** Where the dashboard's file is to be put on the Grafana server. */
  private static final String ON_THE_SERVER = "/var/lib/grafana/dashboards/firebreak";

  private GrafanaFiles() {}

  /** Their content by their path below {@code dashboards/grafana}. */
  public static SortedMap<String, String> all() {
    return new TreeMap<>(
        Map.of(
            GameDaysDashboard.UID + ".json",
            GameDaysDashboard.json(),
            "provisioning/dashboards/firebreak.yaml",
            provider()));
  }

  private static String provider() {
    return """
        apiVersion: 1
        providers:
          - name: firebreak
            orgId: 1
            folder: Firebreak
            folderUid: firebreak
            type: file
            disableDeletion: true
            updateIntervalSeconds: 30
            allowUiUpdates: false
            options:
              path: %s
              foldersFromFilesStructure: false
        """
        .formatted(ON_THE_SERVER);
  }
}
