package dev.firebreak.injector.http;

import dev.firebreak.fault.Observation;
import dev.firebreak.injector.http.HttpCalls.Answer;
import java.util.Map;
import java.util.Optional;

/**
 * How the effect is seen: a request that changes nothing, and what its answer means.
 *
 * @param present the answer while the fault is in place; empty if nothing is ever put in place
 * @param gone the answer without the fault
 */
record Verification(Exchange look, Optional<Sign> present, Sign gone) {
  static Verification read(Map<String, String> words) {
    Sign gone =
        Sign.read("verify.gone", words)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "verify.gone is missing: give status, contains or both, so that the"
                            + " rollback can be seen"));
    return new Verification(
        Exchange.read("verify", "GET", words), Sign.read("verify.present", words), gone);
  }

  /** An answer that means both, or neither, tells nothing. */
  Observation judge(Answer answer) {
    boolean seen = present.map(sign -> sign.matches(answer)).orElse(false);
    boolean missed = gone.matches(answer);
    String evidence = look + " answered " + answer.status();
    if (seen && missed) {
      return Observation.unknown(evidence + ", which fits both verify.present and verify.gone");
    }
    if (missed) {
      return Observation.gone(evidence + ": " + gone);
    }
    if (seen) {
      return Observation.present(evidence + ": " + present.orElseThrow());
    }
    return Observation.unknown(evidence + ", which fits neither verify.present nor verify.gone");
  }
}
