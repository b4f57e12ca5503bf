package dev.firebreak.app.gameday;

import java.util.List;

/** Files without a mistake. */
final class SampleFiles {
  private SampleFiles() {}

  static final String THREE_LINES =
      """
      telemetry: {scrape: [http://localhost:8081/actuator/prometheus]}
      experiments:
        - {blast-radius: {inject: payments}, method: [{fault: placebo}]}
      """;

  static final String WEEKLY =
      """
      apiVersion: firebreak.dev/v1
      kind: GameDay
      metadata: {name: checkout-weekly, owner: team-checkout, environment: staging}
      schedule: {cron: "0 10 * * TUE", timeZone: Europe/Berlin, startingDeadline: 90s}
      telemetry:
        prometheus: {url: http://localhost:9090}
        every: 5s
      experiments:
        - name: payments answers slowly
          steady-state-hypothesis:
            title: Customers can buy although payments is slow
            probes:
              - {name: orders go through, signal: http.error-ratio, service: checkout, tolerance: {max: 1%}}
              - {name: fast enough, signal: http.latency.p95, service: checkout, tolerance: {max: 800ms}}
          blast-radius:
            inject: {service: payments}
            expected: [{service: checkout, latency: {atMost: 2x}}]
            outside: all
          method:
            - fault: chaos-monkey/latency
              target: {service: payments, url: http://localhost:8084}
              with: {latency: 800ms..1200ms, watcher: restController}
              for: 3m
          halt: {on: [cascade, hypothesis, blind], blindAfter: 15s, falseHaltBudget: 1%, smallestEffect: {latency: 1.5x, errors: 1%}}
      """;

  /** Uses every key and every form of a value. */
  static final String EVERYTHING =
      """
      # everything there is
      apiVersion: firebreak.dev/v1
      kind: GameDay
      metadata:
        name: everything
        owner: "Team: checkout"
        environment: no
      schedule:
        cron: 0/5 10 * * TUE
        timeZone: UTC
        startingDeadline: 5m
      telemetry:
        scrape:
          - http://localhost:8081/actuator/prometheus
          - {url: "https://localhost:8082/metrics?a=b", service: cart}
        every: 500ms
        call-graph:
          gateway: [checkout, catalog]
          checkout: [payments]
      experiments:
        - name: first
          steady-state-hypothesis:
            title: all is well
            probes:
              - {name: a, signal: http.latency.p95, service: checkout, tolerance: {min: 0s, max: 1.5s}}
              - {signal: http.rate, service: checkout, tolerance: {min: 5/s, max: 1000}}
              - {signal: up, service: checkout, tolerance: {min: 1}}
              - {signal: jvm.memory.used, service: on, tolerance: {max: 1073741824}}
              - {signal: pool.saturation, service: "8", tolerance: {max: 99.5%}}
          blast-radius:
            inject: [payments, {service: bank}]
            expected:
              - {service: checkout, latency: {atMost: 2.5x}, errors: {atMost: 0%}}
              - {service: orders}
            outside: [gateway, catalog]
          method:
            - fault: process/pause
              target: {service: bank, pid: 4711, startedWithin: 1h}
            - fault: http/request
              target: {service: payments}
              with:
                do: {url: http://localhost:1/a, method: PUT, body: "{}"}
                undo: {url: http://localhost:1/b}
                labels: {team: a, on: call}
              for: 24h
          rollbacks:
            - fault: http/request
              target: {service: checkout}
              with: {do: {url: http://localhost:1/a}, undo: {url: http://localhost:1/b}}
          halt:
            on: [blind]
            blindAfter: 2s
            smallestEffect: {latency: 2x, latencyFloor: 0s, errors: 0.5%, traffic: 3x}
            falseHaltBudget: 0.0001%
          baseline: 2m
          recovery: 0s
        - method:
            - fault: chaos-monkey/latency
              target: {service: cart, url: http://localhost:8084/}
              with: {latency: 1s, watcher: service, share: 20%, deterministic: true}
      """;

  static final String PROMETHEUS_WITH_HEADERS =
      """
      telemetry:
        prometheus:
          url: https://metrics.example.org:9090/prefix
          headers: {X-Scope-OrgID: 7, Authorization: {env: TOKEN}}
      experiments: [{method: [{fault: firebreak/placebo, target: {service: payments}}]}]
      """;

  static final String JSON_WITH_TABS =
      """
      {
      \t"apiVersion":"firebreak.dev/v1",
      \t"metadata":\t{ "name": "json", "owner": "a \\"quote\\" and \\\\" },
      \t"telemetry": {"scrape": ["http:\\/\\/localhost:8081\\/metrics"], "every": "1s"},
      \t"experiments": [
      \t\t{
      \t\t\t"name": "smile \\ud83d\\ude00",
      \t\t\t"blast-radius": {"inject": "payments"},
      \t\t\t"method": [{"fault": "placebo"}],
      \t\t\t"halt": {"on": ["cascade"]}
      \t\t}
      \t]
      }
      """;

  static final List<String> ALL =
      List.of(THREE_LINES, WEEKLY, EVERYTHING, PROMETHEUS_WITH_HEADERS, JSON_WITH_TABS);
}
