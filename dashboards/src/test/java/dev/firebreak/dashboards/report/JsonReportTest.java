package dev.firebreak.dashboards.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.firebreak.report.RunReports;
import dev.firebreak.report.SampleRuns;
import dev.firebreak.run.RunEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class JsonReportTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final Schema schema = schema();

  private static Schema schema() {
    try {
      return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
          .getSchema(Files.readString(Path.of("../docs/report.schema.json")), InputFormat.JSON);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void agreesWithThePublishedSchemaForEveryKindOfRun() {
    for (List<RunEvent> events : SampleReports.runs().values()) {
      assertThat(schema.validate(json(events), InputFormat.JSON)).isEmpty();
    }
  }

  @Test
  void agreesWithThePublishedSchemaWhereverTheJournalIsCut() {
    List<RunEvent> whole = SampleRuns.cascaded();
    for (int length = 1; length < whole.size(); length++) {
      assertThat(schema.validate(json(whole.subList(0, length)), InputFormat.JSON)).isEmpty();
    }
  }

  @Test
  void theSchemaKnowsEveryKeyAndMissesEachOne() throws IOException {
    ObjectNode report = (ObjectNode) MAPPER.readTree(json(SampleRuns.cascaded()));
    List<String> keys = new ArrayList<>();
    report.fieldNames().forEachRemaining(keys::add);
    for (String key : keys) {
      ObjectNode less = report.deepCopy();
      less.remove(key);
      assertThat(schema.validate(less.toString(), InputFormat.JSON)).as(key).isNotEmpty();
    }
    assertThat(schema.validate(report.put("new", 1).toString(), InputFormat.JSON)).isNotEmpty();
  }

  @Test
  void hasThePromisedKeysFirst() throws IOException {
    JsonNode report = MAPPER.readTree(json(SampleRuns.cascaded()));
    List<String> keys = new ArrayList<>();
    report.fieldNames().forEachRemaining(keys::add);
    assertThat(keys)
        .startsWith(
            "runId",
            "gameDay",
            "experiment",
            "outcome",
            "reason",
            "blastRadius",
            "phases",
            "faults",
            "findings",
            "halt",
            "coverage");
    assertThat(report.at("/outcome").asText()).isEqualTo("CASCADED");
    assertThat(report.at("/faults/0/verifiedAt").asText()).isEqualTo("2026-11-23T10:01:12.300Z");
    assertThat(report.at("/findings/3/class").asText()).isEqualTo("ESCAPED");
    assertThat(report.at("/findings/3/path/2").asText()).isEqualTo("gateway");
    assertThat(report.at("/findings/3/confirmedByRollback").asBoolean()).isTrue();
    assertThat(report.at("/coverage/servicesWithoutData/0").asText()).isEqualTo("search");
  }

  @Test
  void marksCallsThatOnlyTheSourceTold() throws IOException {
    JsonNode calls = MAPPER.readTree(json(SampleRuns.cascaded())).at("/callGraph");

    assertThat(calls)
        .filteredOn(call -> !call.path("learned").asBoolean())
        .extracting(call -> call.path("caller").asText() + " " + call.path("callee").asText())
        .containsExactly("checkout payments", "gateway checkout");
  }

  @Test
  void listsRestartsAndDeploysAndNamesThemInTheFindingsThatTheyMayExplain() throws IOException {
    JsonNode report = MAPPER.readTree(json(SampleReports.changed()));

    assertThat(report.at("/changes").size()).isEqualTo(3);
    assertThat(report.at("/changes/1").toString())
        .isEqualTo(
            "{\"at\":\"2026-11-23T10:01:01.500Z\",\"service\":\"payments\",\"kind\":\"RESTART\","
                + "\"injected\":true,\"detail\":\"process start 1 → 2\"}");
    assertThat(report.at("/findings/3/change").asText())
        .startsWith("gateway was deployed (version 2 → version <3>) 3 s before it degraded");
    assertThat(report.at("/findings/4/change").isNull()).isTrue();
  }

  @Test
  void saysHowManyFalseHaltsWereAllowed() throws IOException {
    JsonNode report = MAPPER.readTree(json(SampleRuns.cascaded()));

    assertThat(report.at("/coverage/falseHaltBudget").asDouble()).isEqualTo(0.005);
  }

  @Test
  void quotesHowManyFalseHaltsWereMeasured() throws IOException {
    JsonNode known = MAPPER.readTree(json(SampleRuns.cascaded())).at("/coverage/calibrated");

    assertThat(known.path("measuredAt").asText()).isNotEmpty();
    assertThat(known.path("recordedHours").asDouble()).isEqualTo(26.5);
    assertThat(known.path("falseHalts").asLong()).isEqualTo(1);
    assertThat(known.path("falseHaltsInThousandHours").asDouble()).isEqualTo(1 / 3.0);
  }

  @Test
  void saysNullWhereThereWasNoEvidence() throws IOException {
    JsonNode series = MAPPER.readTree(json(SampleRuns.cascaded())).at("/samples/series");
    JsonNode pool = null;
    for (JsonNode one : series) {
      pool = one.path("signal").asText().equals("jdbc.pool.saturation") ? one : pool;
    }
    assertThat(pool).isNotNull();
    assertThat(pool.at("/values/24").isNull()).isTrue();
  }

  @Test
  void givesTheSameBytesForTheSameEvents() {
    assertThat(json(SampleRuns.cascaded())).isEqualTo(json(SampleRuns.cascaded()));
  }

  private static String json(List<RunEvent> events) {
    return new String(JsonReport.of(RunReports.from(events)), StandardCharsets.UTF_8);
  }
}
