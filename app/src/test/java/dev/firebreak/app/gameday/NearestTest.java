package dev.firebreak.app.gameday;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class NearestTest {
  private static final List<String> KNOWN =
      List.of("blast-radius", "steady-state-hypothesis", "method", "halt", "on");

  @ParameterizedTest
  @CsvSource({
    "blastRadius, blast-radius",
    "Blast_Radius, blast-radius",
    "hypothesis-steady-state, ''",
    "methdo, method",
    "metod, method",
    "hat, halt",
    "hlat, halt",
    "abort, ''",
    "no, on",
    "x, ''"
  })
  void findsTheWordThatWasMeant(String typed, String meant) {
    assertThat(Nearest.to(typed, KNOWN).orElse("")).isEqualTo(meant);
  }

  @ParameterizedTest
  @CsvSource({"'', '', 0", "a, '', 1", "ab, ba, 1", "kitten, sitting, 3", "ca, abc, 3"})
  void countsInsertionsDeletionsSubstitutionsAndSwaps(String from, String to, int edits) {
    assertThat(Nearest.edits(from, to)).isEqualTo(edits);
    assertThat(Nearest.edits(to, from)).isEqualTo(edits);
  }

  @Test
  void doesNotLookForWordsThatNobodyTypes() {
    assertThat(Nearest.to("h".repeat(1_000), KNOWN)).isEmpty();
  }
}
