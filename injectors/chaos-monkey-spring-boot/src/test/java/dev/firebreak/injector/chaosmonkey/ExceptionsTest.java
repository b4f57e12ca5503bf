package dev.firebreak.injector.chaosmonkey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.firebreak.fault.FaultKind;
import dev.firebreak.fault.InjectionException;
import dev.firebreak.fault.Observation;
import dev.firebreak.fault.Observation.Presence;
import dev.firebreak.fault.Undo;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ExceptionsTest extends ChaosMonkeyContract {
  @Override
  FaultKind kind() {
    return Assault.EXCEPTIONS;
  }

  @Override
  Map<String, String> with() {
    return Map.of("exception", "java.lang.IllegalStateException");
  }

  @Test
  void anErrorOfTheCanaryIsTheEffect() throws Exception {
    Undo undo = start(request());

    Observation seen = injector().look(undo);

    assertThat(seen.presence()).isEqualTo(Presence.PRESENT);
    assertThat(seen.evidence()).isEqualTo(monkey().url() + "/hello answered 500");
  }

  @Test
  void theExceptionSaysWhoseItIs() throws Exception {
    start(request());

    assertThat(monkey().settings())
        .contains("\"value\":\"Firebreak fault run-1.f1\"")
        .contains("\"type\":\"java.lang.IllegalStateException\"");
  }

  @Test
  void anExceptionThatTheServiceDoesNotKnowIsRefusedAndNothingIsLeft() {
    String before = monkey().settings();

    assertThatThrownBy(
            () -> start(request(Map.of("url", monkey().url()), Map.of("exception", "no.such.Bug"))))
        .isInstanceOfSatisfying(InjectionException.class, e -> assertThat(e.ambiguous()).isFalse())
        .hasMessageContaining("/assaults answered 400");
    assertThat(monkey().settings()).isEqualTo(before);
  }
}
