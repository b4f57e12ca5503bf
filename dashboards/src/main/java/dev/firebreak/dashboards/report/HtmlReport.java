package dev.firebreak.dashboards.report;

import dev.firebreak.probe.Quantity;
import dev.firebreak.report.RunReport;
import dev.firebreak.report.RunReport.Identity;
import dev.firebreak.report.RunReport.Rollback.Proof;
import dev.firebreak.run.Outcome;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.OptionalDouble;

/**
 * The report for people: {@code report.html}, one file that asks nothing of anybody. No scripts, no
 * requests; a content security policy forbids both, so that nothing in a run's data can add them.
 */
public final class HtmlReport {
  private static final String POLICY =
      "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

  private HtmlReport() {}

  /** UTF-8. The same report gives the same bytes. */
  public static byte[] of(RunReport report) {
    Markup page = new Markup();
    page.trusted("<!DOCTYPE html>\n").open("html", "lang", "en").line();
    head(page, report);
    page.open("body").open("main").line();
    verdict(page, report);
    new Pictures(report).write(page);
    new Tables(report).write(page);
    page.close("main").close("body").close("html").line();
    return page.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static void head(Markup page, RunReport report) {
    page.open("head").line();
    page.empty("meta", "charset", "utf-8").line();
    page.empty("meta", "http-equiv", "Content-Security-Policy", "content", POLICY).line();
    page.empty("meta", "name", "viewport", "content", "width=device-width, initial-scale=1").line();
    page.empty("meta", "name", "color-scheme", "content", "light dark").line();
    // Without it a browser asks the server for a favicon.
    page.empty("link", "rel", "icon", "href", "data:,").line();
    page.leaf(
            "title",
            "%s · %s · %s"
                .formatted(
                    report.conclusion().outcome(), report.run().experiment(), report.run().id()))
        .line();
    page.open("style").line().trusted(styleSheet()).close("style").line();
    page.close("head").line();
  }

  private static String styleSheet() {
    try (InputStream css = HtmlReport.class.getResourceAsStream("report.css")) {
      if (css == null) {
        throw new IllegalStateException("report.css is not in the jar");
      }
      return new String(css.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("report.css cannot be read", e);
    }
  }

  private static void verdict(Markup page, RunReport report) {
    Outcome outcome = report.conclusion().outcome();
    Identity run = report.run();
    page.open("header", "class", "verdict " + outcome.name().toLowerCase(Locale.ROOT));
    page.open("p", "class", "which")
        .leaf("strong", run.gameDay())
        .text(" › " + run.experiment() + " · " + run.environment() + " · ")
        .text(Words.day(report.start()) + ", " + Words.clock(report.start()) + " UTC")
        .close("p")
        .line();
    page.open("p", "class", "outcome")
        .leaf("span", sign(outcome), "class", "sign", "aria-hidden", "true")
        .leaf("span", outcome.name())
        .close("p")
        .line();
    page.leaf("h1", sentence(report)).line();
    if (!report.conclusion().way().isEmpty()) {
      page.leaf("p", report.conclusion().way(), "class", "way").line();
    }
    figures(page, report);
    page.close("header").line();
  }

  /** Outcomes differ by shape and word too: not everybody sees their colours. */
  private static String sign(Outcome outcome) {
    return switch (outcome) {
      case HELD -> "✓";
      case DEVIATED -> "≠";
      case CASCADED -> "▲";
      case INCONCLUSIVE -> "?";
      case INVALID -> "∅";
      case REFUSED -> "–";
      case ABORTED -> "■";
      case FAILED -> "✕";
    };
  }

  /** The verdict without the word that stands above it. */
  private static String sentence(RunReport report) {
    String verdict = report.conclusion().verdict();
    String rest = verdict.substring(verdict.indexOf(": ") + 2);
    return rest.substring(0, 1).toUpperCase(Locale.ROOT) + rest.substring(1);
  }

  private static void figures(Markup page, RunReport report) {
    page.open("dl", "class", "figures");
    figure(page, "Breach seen → undo sent", seconds(report.rollback().breachToRollbackSeconds()));
    figure(
        page,
        report.halt().isPresent() ? "Breach seen → undone" : "Undo sent → undone",
        seconds(report.rollback().undoneSeconds()));
    figure(page, "Rollback", proof(report.rollback().proof()));
    figure(page, "Escaped to", Words.plural(report.escaped().size(), "service"));
    int watched = report.coverage().servicesWatched().size();
    figure(
        page,
        "Watched outside",
        "%d of %s"
            .formatted(
                watched,
                Words.plural(watched + report.coverage().servicesWithoutData().size(), "service")));
    page.close("dl").line();
  }

  private static void figure(Markup page, String name, String value) {
    page.open("div").leaf("dt", name).leaf("dd", value).close("div");
  }

  private static String seconds(OptionalDouble seconds) {
    return seconds.isPresent() ? Quantity.seconds(seconds.getAsDouble()).toString() : "–";
  }

  static String proof(Proof proof) {
    return switch (proof) {
      case NOTHING_INJECTED -> "nothing injected";
      case VERIFIED -> "✓ verified";
      case UNVERIFIED -> "✕ NOT verified";
    };
  }
}
