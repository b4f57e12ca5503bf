package dev.firebreak.dashboards.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.cascade.Finding;
import dev.firebreak.experiment.BlastRadius;
import dev.firebreak.experiment.SteadyStateHypothesis;
import dev.firebreak.report.RunReport;
import dev.firebreak.report.RunReports;
import dev.firebreak.report.SampleRuns;
import dev.firebreak.run.Outcome;
import dev.firebreak.run.RunEvent;
import dev.firebreak.run.RunEvent.FaultConfirmed;
import dev.firebreak.run.RunEvent.RunClosed;
import dev.firebreak.run.RunEvent.RunOpened;
import dev.firebreak.run.RunEvent.ServiceDegraded;
import dev.firebreak.run.Trigger;
import dev.firebreak.service.ServiceName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class HtmlReportTest {
  private static final String EVIL = "<script>alert('\"x&amp;')</script>\u202e\u0000]]>";

  private final String page = page(SampleRuns.cascaded());

  /** The files stay under target/sample-reports, to be looked at. */
  @Test
  void everyKindOfRunHasAPage() throws IOException {
    Path directory = Path.of("target/sample-reports");
    for (Map.Entry<String, List<RunEvent>> run : SampleReports.runs().entrySet()) {
      RunReport report = RunReports.from(run.getValue());
      ReportWriter.Written written = ReportWriter.write(report, directory.resolve(run.getKey()));
      assertThat(Files.readString(written.html()))
          .contains(report.conclusion().outcome().name())
          .endsWith("</html>\n");
    }
  }

  @Test
  void putsTheVerdictOnTop() {
    String body = page.substring(page.indexOf("<body>"));
    assertThat(body.indexOf("CASCADED")).isBetween(0, 600);
    assertThat(body).contains("<h1>Latency in payments escaped the blast radius: gateway");
  }

  @Test
  void saysThatTheRollbackConfirmedAnEscape() {
    assertThat(page).contains("confirmed by the rollback: recovered ");
  }

  @Test
  void restartsAndDeploysAreInTheTimelineAndBesideWhatTheyMayExplain() {
    String changed = page(SampleReports.changed());
    String timeline = changed.substring(changed.indexOf("<svg class=\"timeline\""));

    assertThat(timeline.substring(0, timeline.indexOf("</svg>")))
        .contains("10:01:01 payments (injected) restarted", "10:01:02 gateway was deployed");
    assertThat(changed)
        .contains(
            "<span class=\"evidence\">gateway was deployed (version 2 → version &lt;3&gt;)"
                + " 3 s before it degraded, 2.2 s after the injection: ")
        .contains("Restarts and deploys that were seen");
    assertThat(page).doesNotContain("Restarts and deploys");
  }

  @Test
  void saysThatAPlaceboInjectedNothing() {
    assertThat(page(SampleRuns.asPlacebo(SampleRuns.cascaded())))
        .contains("Placebo: nothing was injected", "A false halt ")
        .doesNotContain("fault injected here");
  }

  @Test
  void asksNothingOfAnybody() {
    assertThat(page)
        .contains(
            "content=\"default-src &#39;none&#39;; style-src &#39;unsafe-inline&#39;; img-src data:\"")
        .doesNotContain("<script", "@import", "<iframe", "<img", " src=", "<a ");
    Matcher addresses = Pattern.compile("(?:href|url)[=(]\"?([^\")]*)").matcher(page);
    while (addresses.find()) {
      assertThat(addresses.group(1)).matches("data:,|#head-(call|hop)");
    }
  }

  @Test
  void nothingThatAServiceSaysBecomesMarkup() {
    String evil = page(evilRun());
    assertThat(evil)
        .doesNotContain("<script", "\u202e", "\u0000")
        .contains("&lt;script&gt;alert(&#39;&quot;x&amp;amp;&#39;)&lt;/script&gt;");
  }

  private static List<RunEvent> evilRun() {
    List<RunEvent> events = new ArrayList<>();
    ServiceName service = ServiceName.of("<script>alert('\"x&amp;')</script>");
    for (RunEvent event : SampleRuns.cascaded()) {
      if (event instanceof RunOpened) {
        events.add(opened(service));
      } else if (event instanceof FaultConfirmed) {
        events.add(new FaultConfirmed(event.at(), SampleRuns.FAULT, EVIL));
      } else if (event instanceof ServiceDegraded degraded) {
        events.add(new ServiceDegraded(event.at(), of(service, degraded.finding())));
      } else {
        events.add(event);
      }
    }
    events.add(new RunClosed(SampleRuns.at(99), Outcome.FAILED, EVIL));
    return events;
  }

  private static RunOpened opened(ServiceName service) {
    return new RunOpened(
        SampleRuns.START,
        SampleRuns.RUN,
        EVIL,
        EVIL,
        EVIL,
        EVIL,
        Trigger.SCHEDULE,
        EVIL,
        EVIL,
        BlastRadius.of(service),
        new SteadyStateHypothesis(EVIL, List.of()),
        Duration.ofSeconds(1));
  }

  private static Finding of(ServiceName service, Finding finding) {
    return new Finding(
        service,
        finding.degradation(),
        finding.signal(),
        finding.baseline(),
        finding.observed(),
        finding.onset(),
        finding.flaggedAt(),
        finding.path(),
        EVIL,
        finding.recoveredAt());
  }

  @Test
  void drawsTheWayOfTheFailureWithItsDelays() {
    String graph = page.substring(page.indexOf("<svg class=\"graph\""));
    graph = graph.substring(0, graph.indexOf("</svg>"));
    assertThat(graph)
        .contains("declared blast radius", "▲ escaped +5.2 s", "▲ escaped +7.1 s", "? no data")
        .containsPattern("class=\"lag\"[^>]*>\\+2.9 s<");
  }

  @Test
  void claimsNothingOfServicesWhenNothingWasInjected() {
    assertThat(page(SampleRuns.refused()))
        .doesNotContain("fault injected here", "no degradation found");
  }

  @Test
  void breaksALineWhereThereWasNoEvidence() {
    String blind = page(SampleRuns.blind());
    String line = blind.substring(blind.indexOf("class=\"line\" d=\"") + 16);
    assertThat(line.substring(0, line.indexOf('"')).chars().filter(c -> c == 'M')).hasSize(2);
  }

  @Test
  void everyElementIsClosed() {
    for (List<RunEvent> events : SampleReports.runs().values()) {
      List<String> open = new ArrayList<>();
      Matcher tags = Pattern.compile("<(/?)([a-z][a-z0-9]*)[^>]*?(/?)>").matcher(page(events));
      while (tags.find()) {
        if (tags.group(1).isEmpty() && tags.group(3).isEmpty()) {
          open.add(tags.group(2));
        } else if (tags.group(3).isEmpty()) {
          assertThat(open.remove(open.size() - 1)).isEqualTo(tags.group(2));
        }
      }
      assertThat(open).isEmpty();
    }
  }

  @Test
  void givesTheSameBytesForTheSameEvents() {
    assertThat(page(SampleRuns.cascaded())).isEqualTo(page);
  }

  private static String page(List<RunEvent> events) {
    return new String(HtmlReport.of(RunReports.from(events)), StandardCharsets.UTF_8);
  }
}
