package dev.firebreak.app.gameday;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.random.RandomGenerator;

/** Ways to spoil a file, from a slip of the hand to malice. */
enum Mutation {
  FLIP_BYTES {
    @Override
    byte[] apply(byte[] file, RandomGenerator random) {
      byte[] flipped = file.clone();
      for (int i = 0; i <= random.nextInt(4) && flipped.length > 0; i++) {
        flipped[random.nextInt(flipped.length)] = (byte) random.nextInt(256);
      }
      return flipped;
    }
  },
  CUT_BYTES {
    @Override
    byte[] apply(byte[] file, RandomGenerator random) {
      int from = random.nextInt(file.length + 1);
      int length = random.nextInt(Math.min(40, file.length - from) + 1);
      return joined(part(file, 0, from), part(file, from + length, file.length));
    }
  },
  INSERT_PUNCTUATION {
    @Override
    byte[] apply(byte[] file, RandomGenerator random) {
      return insert(file, random, one(PUNCTUATION, random));
    }
  },
  TRUNCATE {
    @Override
    byte[] apply(byte[] file, RandomGenerator random) {
      return part(file, 0, random.nextInt(file.length + 1));
    }
  },
  DELETE_LINE {
    @Override
    byte[] apply(byte[] file, RandomGenerator random) {
      List<String> lines = lines(file);
      lines.remove(random.nextInt(lines.size()));
      return bytes(lines);
    }
  },
  DUPLICATE_LINE {
    @Override
    byte[] apply(byte[] file, RandomGenerator random) {
      List<String> lines = lines(file);
      lines.add(random.nextInt(lines.size()), lines.get(random.nextInt(lines.size())));
      return bytes(lines);
    }
  },
  SWAP_LINES {
    @Override
    byte[] apply(byte[] file, RandomGenerator random) {
      List<String> lines = lines(file);
      Collections.swap(lines, random.nextInt(lines.size()), random.nextInt(lines.size()));
      return bytes(lines);
    }
  },
  INDENT_LINE {
    @Override
    byte[] apply(byte[] file, RandomGenerator random) {
      List<String> lines = lines(file);
      lines.replaceAll(
          line -> random.nextInt(lines.size()) == 0 ? one(INDENTS, random) + line : line);
      return bytes(lines);
    }
  },
  MISSPELL_WORD {
    @Override
    byte[] apply(byte[] file, RandomGenerator random) {
      List<String> words = words(file);
      int at = random.nextInt(words.size());
      StringBuilder word = new StringBuilder(words.get(at));
      word.insert(random.nextInt(word.length() + 1), (char) ('a' + random.nextInt(26)));
      words.set(at, word.toString());
      return String.join("", words).getBytes(UTF_8);
    }
  },
  REPLACE_WORD {
    @Override
    byte[] apply(byte[] file, RandomGenerator random) {
      List<String> words = words(file);
      words.set(random.nextInt(words.size()), one(TRAPS, random));
      return String.join("", words).getBytes(UTF_8);
    }
  },
  SWAP_WORDS {
    @Override
    byte[] apply(byte[] file, RandomGenerator random) {
      List<String> words = words(file);
      Collections.swap(words, random.nextInt(words.size()), random.nextInt(words.size()));
      return String.join("", words).getBytes(UTF_8);
    }
  },
  NEST_DEEPLY {
    @Override
    byte[] apply(byte[] file, RandomGenerator random) {
      int depth = 1 + random.nextInt(20_000);
      return insert(file, random, one(OPENINGS, random).repeat(depth));
    }
  },
  HUGE_SCALAR {
    @Override
    byte[] apply(byte[] file, RandomGenerator random) {
      String quote = one(QUOTES, random);
      int room = FileText.LARGEST_BYTES + 1_000 - file.length;
      String filling = one(FILLINGS, random);
      String huge = filling.repeat(1 + random.nextInt(Math.max(1, room / filling.length())));
      return insert(file, random, quote + huge + quote);
    }
  },
  REPEAT_FILE {
    @Override
    byte[] apply(byte[] file, RandomGenerator random) {
      ByteArrayOutputStream repeated = new ByteArrayOutputStream();
      for (int i = 0; i <= random.nextInt(30); i++) {
        repeated.writeBytes(file);
      }
      return repeated.toByteArray();
    }
  };

  private static final List<String> PUNCTUATION =
      List.of(
          ":",
          ": ",
          "- ",
          "? ",
          "*a",
          "&a ",
          "!x ",
          "!!map ",
          "{",
          "}",
          "[",
          "]",
          ",",
          "\"",
          "'",
          "|\n",
          ">-\n",
          "#",
          " #",
          "%",
          "@",
          "`",
          "\t",
          "\n",
          "\r",
          "---\n",
          "...\n",
          "<<: ",
          "%YAML 1.3\n",
          "%TAG ! tag:x,2000:\n",
          "\u0000",
          "\uFEFF",
          "\u2028",
          "\\",
          "\"\\U00110000\"",
          "\"\\ud800\"",
          "\"\\xZZ\"");
  private static final List<String> TRAPS =
      List.of(
          "",
          "~",
          "null",
          "yes",
          "no",
          "on",
          "off",
          "true",
          "010",
          "0x1F",
          "1_000",
          "12:30:45",
          "2026-11-23",
          ".nan",
          ".inf",
          "-.INF",
          "1e400",
          "-1",
          "0",
          "0s",
          "-5s",
          "1%%",
          "%1",
          "NaN%",
          "99999999999999999999999999999h",
          "999999999999999999999999999999999999999999s",
          "0.0000001ms",
          "1..2",
          "1s..",
          "..",
          "1s..2s..3s",
          "[]",
          "{}",
          "[[]]",
          "{a: {}}",
          "http://",
          "http://[",
          "://",
          "http://a b",
          "file:///etc/passwd",
          "{env: PATH}",
          "../../x",
          "${jndi:ldap://a}",
          "!!int 3",
          "\u202Eabc",
          "\uD83D\uDE00",
          "placebo",
          "all",
          "payments",
          "1e9%",
          "0x",
          "1.x",
          "x");
  private static final List<String> INDENTS = List.of(" ", "  ", "\t", "- ", "      ");
  private static final List<String> OPENINGS =
      List.of("[", "{", "- ", "{a: ", "? ", "[{", "((", "a:\n ");
  private static final List<String> QUOTES = List.of("\"", "'", "", "|\n ", "# ");
  private static final List<String> FILLINGS =
      List.of(
          "a",
          "9",
          " ",
          "a ",
          "\\\"",
          "''",
          "\n",
          "a\n ",
          ": ",
          "é",
          "\uD83D\uDE00",
          "a: b\n",
          "a,");

  /** A spoiled copy of {@code file}. */
  abstract byte[] apply(byte[] file, RandomGenerator random);

  private static String one(List<String> choices, RandomGenerator random) {
    return choices.get(random.nextInt(choices.size()));
  }

  private static byte[] insert(byte[] file, RandomGenerator random, String text) {
    int at = random.nextInt(file.length + 1);
    return joined(part(file, 0, at), text.getBytes(UTF_8), part(file, at, file.length));
  }

  private static byte[] part(byte[] file, int from, int to) {
    return Arrays.copyOfRange(file, from, to);
  }

  private static byte[] joined(byte[]... parts) {
    ByteArrayOutputStream joined = new ByteArrayOutputStream();
    for (byte[] each : parts) {
      joined.writeBytes(each);
    }
    return joined.toByteArray();
  }

  private static List<String> lines(byte[] file) {
    return new ArrayList<>(List.of(new String(file, UTF_8).split("(?<=\n)", -1)));
  }

  private static byte[] bytes(List<String> lines) {
    return String.join("", lines).getBytes(UTF_8);
  }

  /** Words and what stands between them. */
  private static List<String> words(byte[] file) {
    return new ArrayList<>(
        List.of(new String(file, UTF_8).split("(?<=[\\s,{}\\[\\]:\"])|(?=[\\s,{}\\[\\]:\"])", -1)));
  }
}
