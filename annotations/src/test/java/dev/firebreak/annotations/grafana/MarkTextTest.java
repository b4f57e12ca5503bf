package dev.firebreak.annotations.grafana;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.firebreak.annotations.Story;
import dev.firebreak.experiment.BlastRadius;
import dev.firebreak.fault.FaultKind;
import dev.firebreak.run.HaltCause;
import dev.firebreak.run.RunEvent.RunOpened;
import dev.firebreak.service.ServiceName;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MarkTextTest {
  private static final MarkLinks LINKS =
      new MarkLinks(
          Optional.of(new LinkTemplate("https://reports.example/{run}/report.html?a=1&b=2")),
          Optional.of(new LinkTemplate("https://traces.example/trace/{trace}")));

  @Test
  void aMarkIsOneSentenceWithLinksToReportAndTrace() {
    String text = new MarkText(Story.opened(), LINKS).halted(cause("gateway degraded"));

    assertThat(text)
        .isEqualTo(
            "Halted (CASCADE): gateway degraded; run "
                + Story.RUN
                + " of experiment payments answers slowly (GameDay checkout-weekly, trace "
                + Story.TRACE
                + "). <a href=\"https://reports.example/"
                + Story.RUN
                + "/report.html?a=1&amp;b=2\">report</a>"
                + " <a href=\"https://traces.example/trace/"
                + Story.TRACE
                + "\">trace</a>");
  }

  @Test
  void withoutTemplatesThereIsNoMarkupAtAll() {
    String text = new MarkText(Story.opened(), MarkLinks.none()).halted(cause("x"));

    assertThat(text).doesNotContain("<");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)>",
        "' onmouseover='alert(1)",
        "&lt;b&gt;",
        "[click](javascript:alert(1))",
        "![x](https://evil.example/pixel.png)",
        "`code`",
        "a\u202Egnp.exe",
        "zero\u200Bwidth",
        "two\nlines\u2028three",
        "half \uD83D of a smiley",
        "nul\u0000 and \u0085"
      })
  void namesFromOutsideStayLetters(String hostile) {
    RunOpened run = Story.opened(hostile, hostile, BlastRadius.of(Story.PAYMENTS));
    MarkText text = new MarkText(run, MarkLinks.none());

    assertThat(List.of(text.halted(cause(hostile)), injected(hostile, text)))
        .allSatisfy(
            said ->
                assertThat(said)
                    .doesNotContainPattern("[<>`\\[\\]\\p{Cc}\\p{Cf}\\p{Cs}\u2028]")
                    .doesNotContainPattern("&(?!amp;|lt;|gt;|#[0-9]+;)"));
    assertThat(Tags.of(run, Role.HALT, Optional.empty()))
        .allSatisfy(tag -> assertThat(tag).doesNotContainPattern("[\\p{Cc}\\p{Cf}\\p{Cs}]"));
  }

  @Test
  void passwordsInAddressesAreLeftOut() {
    String text =
        new MarkText(Story.opened(), MarkLinks.none())
            .halted(cause("http://ann:canary@db:5432/x did not answer"));

    assertThat(text).contains("http://…@db:5432/x").doesNotContain("canary").doesNotContain("ann:");
  }

  @Test
  void whatIsVeryLongIsCut() {
    String text = new MarkText(Story.opened(), MarkLinks.none()).halted(cause("é".repeat(9000)));

    assertThat(text).hasSizeLessThan(800).contains("…; run ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "reports/{run}",
        "javascript:alert('{run}')",
        "https://user:secret@reports.example/{run}",
        "https://reports.example/{tenant}/{run}",
        "https://reports.example/a b",
        "https://reports.example/\"onclick=x"
      })
  void aTemplateThatIsNoAddressIsRefused(String text) {
    assertThatThrownBy(() -> new LinkTemplate(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("allowed: http:// or https://");
  }

  private static String injected(String hostile, MarkText text) {
    var fault =
        Story.armed(
            Story.FAULT,
            FaultKind.of("chaos-monkey/latency"),
            ServiceName.of("a" + hostile.replaceAll("\\p{Cc}", "")),
            1);
    return text.injected(List.of(fault), Optional.empty(), "rollback verified: " + hostile);
  }

  private static HaltCause cause(String detail) {
    return new HaltCause(HaltCause.Kind.CASCADE, detail, Story.START);
  }
}
