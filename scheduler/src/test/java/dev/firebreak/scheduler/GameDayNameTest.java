package dev.firebreak.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class GameDayNameTest {
  @ParameterizedTest
  @ValueSource(strings = {"checkout-weekly", "..", "a/b", "Übung 1%", "本番", "CON", "x\\y", "a.b"})
  void makesADirectoryThatStaysInTheLedgerAndGivesTheNameBack(String name) {
    String directory = new GameDayName(name).directory();
    assertThat(directory).matches("[a-z0-9_%-]+");
    assertThat(GameDayName.ofDirectory(directory)).hasValue(new GameDayName(name));
  }

  @ParameterizedTest
  @ValueSource(strings = {"lost+found", "%zz", "%4", "%61", "%20", "%0a", "%ff", "Shop", ".x"})
  void takesNoOtherDirectoryForAGameDay(String directory) {
    assertThat(GameDayName.ofDirectory(directory)).isEmpty();
  }

  @Test
  void tellsNamesApartThatDifferInCaseAlone() {
    assertThat(new GameDayName("Shop").directory())
        .isNotEqualToIgnoringCase(new GameDayName("shop").directory());
  }

  @Test
  void refusesNamesThatNoDirectoryCanHave() {
    assertThatThrownBy(() -> new GameDayName(" ")).hasMessageContaining("blank");
    assertThatThrownBy(() -> new GameDayName("a\nb")).hasMessageContaining("control");
    assertThatThrownBy(() -> new GameDayName("A".repeat(81)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("allowed are 240 characters");
  }
}
