package dev.firebreak.annotations.grafana;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.firebreak.annotations.Story;
import dev.firebreak.experiment.BlastRadius;
import dev.firebreak.run.RunEvent.RunOpened;
import dev.firebreak.service.ServiceName;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TagsTest {
  @Test
  void aValueWithoutTrapsStaysAsItIs() {
    assertThat(Tags.value("checkout-weekly")).isEqualTo("checkout-weekly");
    assertThat(Tags.value("größe 2/3")).isEqualTo("größe 2/3");
  }

  @Test
  void colonsControlCharactersAndOuterSpacesAreReplaced() {
    assertThat(Tags.value(" http://x:80\n")).isEqualTo("http.//x.80");
  }

  @Test
  void twoLongValuesThatDifferAtTheirEndStayApart() {
    String first = Tags.value("x".repeat(120) + "1");
    String second = Tags.value("x".repeat(120) + "2");
    assertThat(first).hasSizeLessThanOrEqualTo(90).isNotEqualTo(second);
    assertThat(first).isEqualTo(Tags.value("x".repeat(120) + "1"));
  }

  @Test
  void anEmptyValueGivesNoTag() {
    assertThat(Tags.of(run("weekly", " "), Role.HALT, Optional.empty()))
        .containsExactly("chaos", "firebreak", "gameday:weekly", "run:" + Story.RUN, "role:halt");
  }

  @Test
  void aMarkIsNotTakenForAnotherToolsByTheTagThatBothCarry() {
    List<String> tags = Tags.of(run("weekly", "demo"), Role.HALT, Optional.empty());
    assertThat(tags).startsWith("chaos");
    assertThat(Tags.identity(tags)).containsExactly("firebreak", "run:" + Story.RUN, "role:halt");
  }

  @Test
  void whateverTheNamesGrafanaKeepsTheTagsAsTheyAre() throws Exception {
    long seed = 20261123;
    Random random = new Random(seed);
    for (int i = 0; i < 2_000; i++) {
      ServiceName service = ServiceName.of("s" + text(random, 150));
      List<String> tags =
          Tags.of(run(text(random, 300), text(random, 300)), Role.INJECTED, Optional.of(service));
      assertThat(goJson(tags)).as("seed %d, try %d", seed, i).isLessThanOrEqualTo(450);
      assertThat(tags).doesNotHaveDuplicates().allMatch(TagsTest::survives);
    }
  }

  private static boolean survives(String tag) {
    return tag.equals(tag.strip())
        && tag.chars().filter(c -> c == ':').count() <= 1
        && !tag.endsWith(":")
        && tag.length() <= 100;
  }

  /** As Go's encoder writes it, which escapes what could be HTML. */
  private static int goJson(List<String> tags) throws Exception {
    String json = new ObjectMapper().writeValueAsString(tags);
    int escaped = (int) json.chars().filter(c -> "<>&\u2028\u2029".indexOf(c) >= 0).count();
    return json.getBytes(StandardCharsets.UTF_8).length + 5 * escaped;
  }

  private static String text(Random random, int longest) {
    String alphabet = "ab :é<&\"\\\t日😀-\u2028";
    int[] points = alphabet.codePoints().toArray();
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(longest / 2) + 1; i > 0; i--) {
      text.appendCodePoint(points[random.nextInt(points.length)]);
    }
    return text.toString().replaceAll("\\p{Cntrl}", "-");
  }

  private static RunOpened run(String gameDay, String environment) {
    return Story.opened(gameDay, environment, BlastRadius.of(Story.PAYMENTS));
  }
}
