package dev.firebreak.annotations.tracing;

import io.opentelemetry.api.common.AttributeKey;
import java.util.List;

/**
 * The attributes of Firebreak's spans and events, and the events' names. There is no convention for
 * fault injection yet, so that what is ours begins with {@code chaos.}; the others are
 * OpenTelemetry's.
 */
final class ChaosAttributes {
  static final AttributeKey<String> RUN_ID = text("chaos.run.id");
  static final AttributeKey<String> RUN_TRIGGER = text("chaos.run.trigger");
  static final AttributeKey<String> RUN_OWNER = text("chaos.run.owner");
  static final AttributeKey<String> RUN_OUTCOME = text("chaos.run.outcome");
  static final AttributeKey<String> RUN_REASON = text("chaos.run.reason");
  static final AttributeKey<Boolean> INTERRUPTED = AttributeKey.booleanKey("chaos.interrupted");
  static final AttributeKey<String> PLAN_HASH = text("chaos.plan.hash");
  static final AttributeKey<String> GAMEDAY_NAME = text("chaos.gameday.name");
  static final AttributeKey<String> EXPERIMENT_NAME = text("chaos.experiment.name");
  static final AttributeKey<List<String>> RADIUS_SERVICES = texts("chaos.blast_radius.services");
  static final AttributeKey<List<String>> RADIUS_EXPECTED = texts("chaos.blast_radius.expected");
  static final AttributeKey<Boolean> HYPOTHESIS_MET =
      AttributeKey.booleanKey("chaos.hypothesis.met");
  static final AttributeKey<List<String>> CASCADE_SERVICES = texts("chaos.cascade.services");
  static final AttributeKey<List<String>> CASCADE_PATH = texts("chaos.cascade.path");
  static final AttributeKey<String> CASCADE_SIGNAL = text("chaos.cascade.signal");
  static final AttributeKey<Double> CASCADE_BASELINE =
      AttributeKey.doubleKey("chaos.cascade.baseline");
  static final AttributeKey<Double> CASCADE_OBSERVED =
      AttributeKey.doubleKey("chaos.cascade.observed");
  static final AttributeKey<String> CASCADE_ONSET = text("chaos.cascade.onset");
  static final AttributeKey<String> HALT_KIND = text("chaos.halt.kind");
  static final AttributeKey<String> HALT_REASON = text("chaos.halt.reason");
  static final AttributeKey<String> PHASE_NAME = text("chaos.phase.name");
  static final AttributeKey<String> PROBE_NAME = text("chaos.probe.name");
  static final AttributeKey<Double> PROBE_VALUE = AttributeKey.doubleKey("chaos.probe.value");
  static final AttributeKey<String> PROBE_VERDICT = text("chaos.probe.verdict");
  static final AttributeKey<String> LINK_KIND = text("chaos.link.kind");
  static final AttributeKey<String> CHANGE_KIND = text("chaos.change.kind");
  static final AttributeKey<String> CHANGE_DETAIL = text("chaos.change.detail");
  static final AttributeKey<String> FAULT_ID = text("chaos.fault.id");
  static final AttributeKey<String> FAULT_KIND = text("chaos.fault.kind");
  static final AttributeKey<String> FAULT_TARGET = text("chaos.fault.target");
  static final AttributeKey<Boolean> FAULT_ACKNOWLEDGED =
      AttributeKey.booleanKey("chaos.fault.acknowledged");
  static final AttributeKey<String> FAULT_EVIDENCE = text("chaos.fault.evidence");
  static final AttributeKey<String> FAULT_PROBLEM = text("chaos.fault.problem");
  static final AttributeKey<Long> ROLLBACK_ATTEMPTS =
      AttributeKey.longKey("chaos.rollback.attempts");
  static final AttributeKey<Boolean> ROLLBACK_VERIFIED =
      AttributeKey.booleanKey("chaos.rollback.verified");
  static final AttributeKey<String> SIGHT_DETAIL = text("chaos.sight.detail");

  static final AttributeKey<String> ENVIRONMENT = text("deployment.environment.name");
  static final AttributeKey<String> PEER_SERVICE = text("service.peer.name");
  static final AttributeKey<String> ERROR_TYPE = text("error.type");

  static final String INJECTION_STARTED_EVENT = "chaos.injection.started";
  static final String FAULT_CONFIRMED_EVENT = "chaos.fault.confirmed";
  static final String CASCADE_EVENT = "chaos.cascade.detected";
  static final String HALTED_EVENT = "chaos.halted";
  static final String ROLLBACK_VERIFIED_EVENT = "chaos.rollback.verified";
  static final String ROLLBACK_FAILED_EVENT = "chaos.rollback.failed";
  static final String SYSTEM_CHANGED_EVENT = "chaos.system.changed";
  static final String SIGHT_LOST_EVENT = "chaos.sight.lost";
  static final String SIGHT_REGAINED_EVENT = "chaos.sight.regained";

  private ChaosAttributes() {}

  private static AttributeKey<String> text(String key) {
    return AttributeKey.stringKey(key);
  }

  private static AttributeKey<List<String>> texts(String key) {
    return AttributeKey.stringArrayKey(key);
  }
}
