package dev.firebreak.app.run;

import dev.firebreak.dashboards.report.ReportWriter;
import dev.firebreak.journal.EventCodec;
import dev.firebreak.journal.JournalFile;
import dev.firebreak.report.RunReport;
import dev.firebreak.report.RunReports;
import dev.firebreak.run.JournalException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the reports of a run from its journal, as often as wanted. */
public final class Reports {
  private static final Logger LOG = LoggerFactory.getLogger(Reports.class);

  private final EventCodec codec;

  public Reports(EventCodec codec) {
    this.codec = codec;
  }

  /**
   * Writes the reports beside the journal.
   *
   * @throws IOException if the journal cannot be read or a report not be written
   */
  public RunReport write(RunDirectory directory) throws IOException {
    return write(directory.journal(), directory.path());
  }

  /**
   * Writes the reports of any journal into {@code out}.
   *
   * @throws IOException if the journal cannot be read or a report not be written
   */
  public RunReport write(Path journal, Path out) throws IOException {
    RunReport report = read(journal);
    try {
      ReportWriter.write(report, out);
    } catch (IOException e) {
      throw new IOException(
          "the reports cannot be written to %s: %s; the journal is whole: make them with \"firebreak report %s --out DIR\""
              .formatted(out, e.getMessage(), journal.getParent()),
          e);
    }
    return report;
  }

  /**
   * What the journal says.
   *
   * @throws IOException if it cannot be read, or does not begin as the journal of a run
   */
  public RunReport read(Path journal) throws IOException {
    JournalFile file = journalOf(journal);
    try {
      return RunReports.from(file.events(), file.damage());
    } catch (IllegalArgumentException e) {
      throw new IOException("the journal " + journal + " is not of a run: " + e.getMessage(), e);
    }
  }

  /**
   * The journals of all runs in {@code runs}; what cannot be read as one is passed over.
   *
   * @throws IOException if the directory cannot be listed
   */
  public List<JournalFile> journalsIn(Path runs) throws IOException {
    List<JournalFile> journals = new ArrayList<>();
    if (!Files.isDirectory(runs)) {
      return journals;
    }
    try (Stream<Path> directories = Files.list(runs)) {
      for (Path directory : directories.sorted().toList()) {
        try {
          journals.add(journalOf(new RunDirectory(directory).journal()));
        } catch (IOException e) {
          LOG.debug("no journal directory={}", directory, e);
        }
      }
    }
    return journals;
  }

  /**
   * The events of a journal and what is damaged in it.
   *
   * @throws IOException if it cannot be read
   */
  public JournalFile journalOf(Path journal) throws IOException {
    try {
      return JournalFile.read(journal, codec);
    } catch (JournalException e) {
      throw new IOException(e.getMessage(), e);
    }
  }
}
