package dev.firebreak.annotations.silences;

import com.fasterxml.jackson.annotation.JsonProperty;
import feign.Headers;
import feign.Param;
import feign.RequestLine;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What Firebreak asks of Alertmanager's API, version 2. Times are in RFC 3339, in UTC. */
@Headers({"Content-Type: application/json", "Accept: application/json"})
interface AlertmanagerApi {
  @RequestLine("GET /api/v2/status")
  Status status();

  /** Never with an id: that would change a silence which may be somebody else's. */
  @RequestLine("POST /api/v2/silences")
  Made create(NewSilence silence);

  /** Silences in any state whose matchers fit; what has ended is listed for days. */
  @RequestLine("GET /api/v2/silences?filter={filter}")
  List<Silence> search(@Param("filter") String filter);

  @RequestLine("GET /api/v2/silence/{id}")
  Silence find(@Param("id") String id);

  /** Ends it now; one that has ended stays ended. */
  @RequestLine("DELETE /api/v2/silence/{id}")
  void expire(@Param("id") String id);

  /** As much as anybody here wants to know. */
  record Status(@Nullable VersionInfo versionInfo) {}

  /** As Alertmanager was built. */
  record VersionInfo(@Nullable String version) {}

  /** The answer to a POST. */
  record Made(@JsonProperty("silenceID") @Nullable String silenceId) {}

  /** A label and the value that it must have. */
  record Match(
      String name,
      String value,
      @JsonProperty("isRegex") boolean regex,
      @JsonProperty("isEqual") boolean equal) {
    static Match equal(String name, String value) {
      return new Match(name, value, false, true);
    }
  }

  /** What is asked for. */
  record NewSilence(
      List<Match> matchers, String startsAt, String endsAt, String createdBy, String comment) {}

  /** Pending, active or expired. */
  record State(String state) {}

  /** A silence as Alertmanager has it. */
  record Silence(
      String id,
      State status,
      @Nullable String comment,
      @Nullable String createdBy,
      List<Match> matchers) {
    boolean expired() {
      return status.state().equals("expired");
    }
  }
}
