package dev.firebreak.probes.scrape;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.firebreak.probes.http.BoundedBody;
import dev.firebreak.probes.scrape.Page.PageSample;
import dev.firebreak.probes.signal.MetricNames;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Reads a metrics page as it comes, in Prometheus' text format 0.0.4 or 1.0.0, or in OpenMetrics
 * 1.0. Lines of unwanted metrics are passed over after a glance. A wanted line that is not of the
 * format is skipped and counted; a page without any line of the format is an error.
 */
final class ExpositionParser implements BoundedBody.Reader<Page> {
  private static final int LONGEST_LINE = 256 * 1024;

  /** Of the wanted metrics only. Ten times what a large service shows. */
  private static final int MOST_SAMPLES = 200_000;

  private static final byte[] END_OF_PAGE = {'#', ' ', 'E', 'O', 'F'};

  /** Which of the two formats a page is in. */
  enum Format {
    /** Timestamps in milliseconds. */
    TEXT,
    /** Timestamps in seconds; a page must end with {@code # EOF}. */
    OPEN_METRICS
  }

  private final Format format;
  private final MetricNames wanted;
  private final List<PageSample> samples = new ArrayList<>();

  private byte[] buffer = new byte[64 * 1024];
  private int filled;
  private int lines;
  private int understood;
  private int skipped;
  private String firstSkipped = "";
  private boolean ended;

  private byte[] latestName = {};
  private String latestNameText = "";
  private boolean latestWanted;

  ExpositionParser(Format format, MetricNames wanted) {
    this.format = format;
    this.wanted = wanted;
  }

  @Override
  public void take(ByteBuffer bytes) throws IOException {
    int searched = filled;
    int count = bytes.remaining();
    if (filled + count > buffer.length) {
      buffer = Arrays.copyOf(buffer, Math.max(2 * buffer.length, filled + count));
    }
    bytes.get(buffer, filled, count);
    filled += count;
    readLines(searched);
  }

  private void readLines(int searched) throws IOException {
    int start = 0;
    for (int i = searched; i < filled; i++) {
      if (buffer[i] == '\n') {
        readLine(start, i);
        start = i + 1;
      }
    }
    System.arraycopy(buffer, start, buffer, 0, filled - start);
    filled -= start;
    if (filled > LONGEST_LINE) {
      throw new IOException("line %d has more than %d bytes".formatted(lines + 1, LONGEST_LINE));
    }
  }

  @Override
  public Page finish() throws IOException {
    if (filled > 0) {
      lines++;
      finishLastLine();
    }
    if (format == Format.OPEN_METRICS && !ended) {
      throw new IOException("the page is cut off: it does not end with # EOF");
    }
    if (understood == 0) {
      throw new IOException(
          skipped == 0 ? "the page has no samples" : "this is no metrics page: " + firstSkipped);
    }
    return new Page(List.copyOf(samples), skipped, firstSkipped);
  }

  /** Only the end of the page may lack its line feed: a number that was cut off is a wrong one. */
  private void finishLastLine() {
    if (isEndOfPage(0, filled)) {
      ended = true;
    } else {
      skip("the last line has no line feed, the page may be cut off", 0, filled);
    }
  }

  private void readLine(int from, int end) throws IOException {
    lines++;
    int to = end > from && buffer[end - 1] == '\r' ? end - 1 : end;
    int start = LineCursor.skipBlanks(buffer, from, to);
    if (start == to) {
      return;
    }
    if (buffer[start] == '#') {
      ended |= isEndOfPage(start, to);
      return;
    }
    try {
      readSample(start, to);
    } catch (MalformedLine e) {
      skip(String.valueOf(e.getMessage()), start, to);
    }
  }

  private boolean isEndOfPage(int from, int to) {
    return Arrays.equals(buffer, from, to, END_OF_PAGE, 0, END_OF_PAGE.length);
  }

  private void readSample(int from, int to) throws MalformedLine, IOException {
    if (ended) {
      throw new MalformedLine("a sample after # EOF");
    }
    LineCursor line = new LineCursor(buffer, from, to);
    if (!line.at('{')) {
      int nameEnd = line.metricName();
      rememberName(from, nameEnd);
      if (!latestWanted) {
        line.glance();
        understood++;
        return;
      }
    }
    add(line.sample(buffer[from] == '{' ? "" : latestNameText, format));
  }

  /** Neighbouring lines mostly have the same name. */
  private void rememberName(int from, int to) {
    if (!Arrays.equals(buffer, from, to, latestName, 0, latestName.length)) {
      latestName = Arrays.copyOfRange(buffer, from, to);
      latestNameText = new String(latestName, UTF_8);
      latestWanted = wanted.contains(latestNameText);
    }
  }

  private void add(PageSample sample) throws IOException {
    understood++;
    if (!wanted.contains(sample.metric())) {
      return;
    }
    if (samples.size() == MOST_SAMPLES) {
      throw new IOException("the page has more than " + MOST_SAMPLES + " samples of interest");
    }
    samples.add(sample);
  }

  private void skip(String problem, int from, int to) {
    skipped++;
    if (firstSkipped.isEmpty()) {
      firstSkipped =
          "line %d: %s: %s".formatted(lines, problem, LineCursor.excerpt(buffer, from, to));
    }
  }
}
