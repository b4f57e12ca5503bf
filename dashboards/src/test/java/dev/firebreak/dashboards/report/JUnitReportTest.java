package dev.firebreak.dashboards.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.report.RunReports;
import dev.firebreak.report.SampleRuns;
import dev.firebreak.run.RunEvent;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

class JUnitReportTest {
  private static final String ANSWER = "the run gave an answer";
  private static final String ORDERS = "steady state: orders go through";
  private static final String FAST = "steady state: checkout is fast enough";
  private static final String CONTAINED = "nothing escaped the blast radius";
  private static final String UNDONE = "rollback verified";

  @Test
  void passesARunThatHeld() throws Exception {
    assertThat(cases(SampleRuns.held()))
        .containsExactly(
            ANSWER + ": passed",
            ORDERS + ": passed",
            FAST + ": passed",
            CONTAINED + ": passed",
            UNDONE + ": passed");
  }

  @Test
  void failsWhatEscaped() throws Exception {
    assertThat(cases(SampleRuns.cascaded()))
        .contains(ANSWER + ": passed", CONTAINED + ": failure", UNDONE + ": passed");
  }

  @Test
  void namesTheDeployThatMayExplainAnEscape() {
    String xml =
        new String(
            JUnitReport.of(RunReports.from(SampleReports.changed())), StandardCharsets.UTF_8);
    assertThat(xml)
        .contains(", gateway was deployed (version 2 → version &lt;3&gt;) 3 s before it degraded")
        .contains("\n10:01:01 payments (injected) restarted: process start 1 → 2\n");
  }

  @Test
  void failsABrokenProbe() throws Exception {
    assertThat(cases(SampleRuns.deviated()))
        .contains(ORDERS + ": passed", FAST + ": failure", CONTAINED + ": passed");
  }

  @Test
  void neverPassesWhatCouldNotBeTold() throws Exception {
    assertThat(cases(SampleRuns.blind()))
        .contains(ANSWER + ": error", CONTAINED + ": error", UNDONE + ": passed");
    assertThat(cases(SampleRuns.cascaded().subList(0, 85)))
        .contains(ANSWER + ": error", CONTAINED + ": error", UNDONE + ": failure");
  }

  @Test
  void skipsWhatWasNotTriedButDoesNotLookGreen() throws Exception {
    assertThat(cases(SampleRuns.refused()))
        .containsExactly(
            ANSWER + ": error",
            ORDERS + ": failure",
            FAST + ": skipped",
            CONTAINED + ": skipped",
            UNDONE + ": skipped");
  }

  @Test
  void failsARollbackThatIsNotVerified() throws Exception {
    assertThat(cases(SampleRuns.notUndone())).contains(UNDONE + ": failure");
  }

  @Test
  void countsItsCases() throws Exception {
    Element suite = parse(SampleRuns.refused()).getDocumentElement();
    assertThat(suite.getTagName()).isEqualTo("testsuite");
    assertThat(suite.getAttribute("tests")).isEqualTo("5");
    assertThat(suite.getAttribute("failures")).isEqualTo("1");
    assertThat(suite.getAttribute("errors")).isEqualTo("1");
    assertThat(suite.getAttribute("skipped")).isEqualTo("3");
    assertThat(suite.getAttribute("timestamp")).isEqualTo("2026-11-23T10:00:00");
    assertThat(suite.getAttribute("time")).isEqualTo("60.410");
  }

  private static List<String> cases(List<RunEvent> events) throws Exception {
    NodeList cases = parse(events).getElementsByTagName("testcase");
    List<String> found = new ArrayList<>();
    for (int i = 0; i < cases.getLength(); i++) {
      Element one = (Element) cases.item(i);
      NodeList children = one.getElementsByTagName("*");
      String status = children.getLength() == 0 ? "passed" : children.item(0).getNodeName();
      found.add(one.getAttribute("name") + ": " + status);
    }
    return found;
  }

  private static Document parse(List<RunEvent> events) throws Exception {
    return DocumentBuilderFactory.newDefaultInstance()
        .newDocumentBuilder()
        .parse(new ByteArrayInputStream(JUnitReport.of(RunReports.from(events))));
  }
}
