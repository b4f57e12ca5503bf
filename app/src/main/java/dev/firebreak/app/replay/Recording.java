package dev.firebreak.app.replay;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The samples of a case, oldest first.
 *
 * @param columns names of the series, {@code service__metric}
 * @param times Unix seconds, rising
 * @param rows one value per column, NaN where the sample is missing
 */
record Recording(List<String> columns, List<Long> times, List<double[]> rows) {
  private static final int MOST_COLUMNS = 200_000;
  private static final int MOST_LINE = 16 << 20;
  private static final long MOST_VALUES = 64L << 20;

  static Recording read(Path file) throws CaseException {
    try (BufferedReader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      return new Parser(file, reader).parse();
    } catch (CharacterCodingException e) {
      throw new CaseException(file + ": is not UTF-8", e);
    } catch (IOException e) {
      throw new CaseException(file + ": cannot be read: " + e.getMessage(), e);
    }
  }

  /** Reads line by line and knows where it is. */
  private static final class Parser {
    private final Path file;
    private final BufferedReader reader;
    private int line;

    Parser(Path file, BufferedReader reader) {
      this.file = file;
      this.reader = reader;
    }

    Recording parse() throws IOException, CaseException {
      List<String> columns = header();
      List<Long> times = new ArrayList<>();
      List<double[]> rows = new ArrayList<>();
      for (String text = next(); text != null; text = next()) {
        String[] cells = text.split(",", -1);
        if (cells.length != columns.size() + 1) {
          throw wrong(
              "has %d cells, the first line %d".formatted(cells.length, columns.size() + 1));
        }
        long time = time(cells[0]);
        if (!times.isEmpty() && time <= times.get(times.size() - 1)) {
          throw wrong("time " + time + " is not after the line before it");
        }
        if ((rows.size() + 1L) * columns.size() > MOST_VALUES) {
          throw wrong("is beyond the %d values that are read of a case".formatted(MOST_VALUES));
        }
        times.add(time);
        rows.add(values(cells, columns));
      }
      return new Recording(columns, times, rows);
    }

    private List<String> header() throws IOException, CaseException {
      String text = next();
      if (text == null) {
        line = 1;
        throw wrong("is missing, expected time,service__metric,…");
      }
      String[] cells = text.split(",", -1);
      if (!cells[0].equals("time")) {
        throw wrong("first column is \"%s\", expected \"time\"".formatted(cells[0]));
      }
      if (cells.length - 1 > MOST_COLUMNS) {
        throw wrong("has more than %d columns".formatted(MOST_COLUMNS));
      }
      List<String> columns = Arrays.asList(cells).subList(1, cells.length);
      Set<String> seen = new HashSet<>();
      for (String column : columns) {
        int cut = column.lastIndexOf("__");
        if (cut <= 0 || cut + 2 == column.length()) {
          throw wrong("column \"%s\" is not service__metric".formatted(column));
        }
        if (!seen.add(column)) {
          throw wrong("column \"%s\" is there twice".formatted(column));
        }
      }
      return List.copyOf(columns);
    }

    private @org.jspecify.annotations.Nullable String next() throws IOException, CaseException {
      StringBuilder text = new StringBuilder();
      int c = reader.read();
      if (c < 0) {
        return null;
      }
      line++;
      for (; c >= 0 && c != '\n'; c = reader.read()) {
        if (text.length() >= MOST_LINE) {
          throw wrong("has more than %d characters".formatted(MOST_LINE));
        }
        text.append((char) c);
      }
      int end = text.length();
      return end > 0 && text.charAt(end - 1) == '\r' ? text.substring(0, end - 1) : text.toString();
    }

    private long time(String cell) throws CaseException {
      try {
        double seconds = Double.parseDouble(cell);
        if (seconds >= 0 && seconds <= 1e11) {
          return Math.round(seconds);
        }
      } catch (NumberFormatException e) {
        // Said below, in our own words.
      }
      throw wrong("time is \"%s\", expected Unix seconds".formatted(shown(cell)));
    }

    private double[] values(String[] cells, List<String> columns) throws CaseException {
      double[] values = new double[columns.size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = cells[i + 1].isEmpty() ? Double.NaN : value(cells[i + 1], columns.get(i));
      }
      return values;
    }

    private double value(String cell, String column) throws CaseException {
      try {
        double value = Double.parseDouble(cell);
        // Sources write NaN and Inf where a ratio or a quantile has no requests: no evidence.
        return Double.isFinite(value) ? value : Double.NaN;
      } catch (NumberFormatException e) {
        throw new CaseException(
            "%s:%d: column %s is \"%s\", expected a number or nothing"
                .formatted(file, line, column, shown(cell)),
            e);
      }
    }

    private static String shown(String cell) {
      return cell.length() <= 60 ? cell : cell.substring(0, 60) + "…";
    }

    private CaseException wrong(String what) {
      return new CaseException(file + ":" + line + ": " + what);
    }
  }
}
