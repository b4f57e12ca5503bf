package dev.firebreak.app.gameday;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What YAML can do and a GameDay file must not. */
final class StrictYamlTest {
  @Test
  void refusesAFileAbove256KiB() {
    byte[] largest = new byte[256 * 1024];
    Arrays.fill(largest, (byte) '#');
    byte[] larger = Arrays.copyOf(largest, largest.length + 1);

    assertThat(mistakes(largest)).singleElement().asString().contains("the file is empty");
    assertThat(mistakes(larger))
        .containsExactly(
            "x:1:1: the file has 262145 bytes; allowed: at most 262144 bytes (256 KiB)");
  }

  @Test
  void refusesWhatIsNotUtf8() {
    assertThat(mistakes("a: b\nç: ümlaut".getBytes(ISO_8859_1)))
        .containsExactly("x:2:1: the byte 0xe7 cannot be read; allowed: printable text in UTF-8");
    assertThat(mistakes(SampleFiles.WEEKLY.getBytes(UTF_16)))
        .singleElement()
        .asString()
        .startsWith("x:1:1: the byte 0xfe");
    assertThat(mistakes(new byte[] {'a', (byte) 0xC3}))
        .containsExactly("x:1:2: the byte 0xc3 cannot be read; allowed: printable text in UTF-8");
  }

  @Test
  void refusesCharactersThatCannotBeSeen() {
    assertThat(mistakes("a: b\n\uD83D\uDE00\u0000"))
        .containsExactly(
            "x:2:2: the character U+0000 cannot be read; allowed: printable text in UTF-8");
    assertThat(mistakes("a: \u2028b")).singleElement().asString().contains("U+2028");
    assertThat(mistakes("a: \u001B[31m")).singleElement().asString().contains("U+001b");
  }

  @Test
  void refusesASecondDocument() {
    assertThat(mistakes(SampleFiles.THREE_LINES + "---\na: b\n"))
        .containsExactly("x:4:1: a second document starts here; allowed: one document");
    assertThat(mistakes("---\n" + SampleFiles.THREE_LINES + "...\n")).isEmpty();
  }

  @Test
  void refusesAnEmptyFile() {
    assertThat(mistakes("")).containsExactly("x:1:1: the file is empty; allowed: one GameDay");
    assertThat(mistakes("# nothing\n")).singleElement().asString().contains("the file is empty");
    assertThat(mistakes("--- \n")).singleElement().asString().startsWith("x:2:1: is empty");
  }

  @Test
  void refusesAnchorsAndAliases() {
    assertThat(mistakes(SampleFiles.THREE_LINES.replace("payments", "&a payments")))
        .singleElement()
        .asString()
        .contains("experiments[0].blast-radius.inject: \"payments\" has the anchor &a");
    assertThat(mistakes("telemetry: *a\nexperiments: *b"))
        .satisfiesExactly(
            first -> assertThat(first).startsWith("x:1:12 telemetry: the alias *a stands for"),
            second -> assertThat(second).startsWith("x:2:14 experiments: the alias *b stands for"));
  }

  @Test
  void refusesTags() {
    assertThat(mistakes(SampleFiles.THREE_LINES.replace("payments", "!!str payments")))
        .singleElement()
        .asString()
        .contains("has the tag tag:yaml.org,2002:str; allowed: no tags");
    assertThat(mistakes(SampleFiles.THREE_LINES.replace("payments", "! payments")))
        .singleElement()
        .asString()
        .contains("has the tag !");
    assertThat(mistakes("!!javax.script.ScriptEngineManager [!!java.net.URL [\"http://a\"]]"))
        .hasSizeGreaterThanOrEqualTo(2);
  }

  @Test
  void refusesDuplicateKeysHoweverTheyAreWritten() {
    assertThat(mistakes("{\"a\": 1,\n \"\\u0061\": 2}"))
        .contains("x:2:2 a: \"a\" is given twice, first on line 1; allowed: each key once");
    assertThat(mistakes(SampleFiles.WEEKLY.replace("for: 3m", "for: 3m\n        for: 5m")))
        .containsExactly(
            "x:24:9 experiments[0].method[0].for: \"for\" is given twice, first on line 23;"
                + " allowed: each key once");
  }

  @Test
  void refusesMergeKeysAndKeysThatAreNoWords() {
    assertThat(mistakes("<<: {a: b}")).anyMatch(line -> line.contains("\"<<\" is a merge key"));
    assertThat(mistakes("? [a, b]\n: c"))
        .anyMatch(line -> line.startsWith("x:1:3: is a list; allowed: a word as key"));
    assertThat(mistakes("{a: b}: c"))
        .anyMatch(line -> line.contains("is an object; allowed: a word as key"));
    assertThat(mistakes("\"\": c")).anyMatch(line -> line.contains("has an empty key"));
    assertThat(mistakes("k".repeat(201) + ": c"))
        .anyMatch(line -> line.contains("is a key of 201 characters"));
  }

  @Test
  void refusesDeepNesting() {
    assertThat(mistakes("[".repeat(100_000)))
        .containsExactly(
            "x:1:31: nested too deep; allowed: at most 30 levels of lists and objects");
    assertThat(mistakes("{a: ".repeat(31) + "}".repeat(31)))
        .singleElement()
        .asString()
        .contains("nested too deep");
  }

  @Test
  void refusesTooManyValues() {
    assertThat(mistakes("[" + "a,".repeat(100_000) + "]"))
        .containsExactly("x:1:20000: too many values; allowed: at most 10000");
  }

  @Test
  void tellsWhereTheSyntaxEnds() {
    assertThat(mistakes("a: b\n\tc: d"))
        .singleElement()
        .asString()
        .startsWith("x:2:1: found character '\\t");
    assertThat(mistakes("a: b: c")).singleElement().asString().startsWith("x:1:5: mapping values");
    assertThat(mistakes("{\"a\": \"b")).singleElement().asString().contains("unexpected end");
    assertThat(mistakes("a: \"\\UFFFFFFFF\"")).singleElement().asString().startsWith("x:1:");
  }

  @Test
  void refusesARootThatIsNoObject() {
    assertThat(mistakes("- a"))
        .containsExactly(
            "x:1:1: is a list; allowed: an object with apiVersion, kind, metadata, schedule,"
                + " telemetry, experiments");
  }

  private static List<String> mistakes(String file) {
    return mistakes(file.getBytes(UTF_8));
  }

  private static List<String> mistakes(byte[] file) {
    return SampleFaults.reader().read(file, "x.yaml").mistakes().stream()
        .map(mistake -> mistake.in("x"))
        .toList();
  }
}
