#!/usr/bin/env python3
"""Plants defects, one at a time, in a copy of the tree, and requires a named test to catch each.

  docs/sabotage.py [word ...]     all, or those whose name contains one of the words

Needs what `mvn verify` needs, and fetches nothing. Takes half a minute for each; the tree itself is not touched.
"""
import os, re, shutil, subprocess, sys, tempfile, time

RUN = "orchestrator/src/main/java/dev/firebreak/run/"
JOURNAL = "orchestrator/src/main/java/dev/firebreak/journal/"
GUARD = "orchestrator/src/main/java/dev/firebreak/guard/"
MONKEY = "injectors/chaos-monkey-spring-boot/src/main/java/dev/firebreak/injector/chaosmonkey/ChaosMonkeyInjector.java"
SIMULATION = "GameDaySimulationTest"

# name, file, what is there, what is planted, the test that must fail
DEFECTS = [
    ("inject without an undo record", RUN + "InjectionCrew.java",
     "log.requireOnDisk(record);", "if (record.at() == null) {\n        log.requireOnDisk(record);\n      }", SIMULATION),
    ("inject although the record is not on disk", RUN + "EventLog.java",
     "    append(event);\n    tell(event);\n  }", "    record(event);\n  }", SIMULATION),
    ("inject after the halt", RUN + "InjectionCrew.java",
     "    stopped = true;\n", "", SIMULATION),
    ("a refused start is taken for not injected", RUN + "InjectionCrew.java",
     "    busy = false;\n    fault.arming = false;\n",
     "    busy = false;\n    fault.arming = false;\n    if (!ambiguous) {\n      fault.state = State.PLANNED;\n    }\n",
     SIMULATION),
    ("wait for ever for an injector", RUN + "InjectionCrew.java",
     "loop.nanoTime() - deadlineNanos >= 0", "loop.nanoTime() < 0", SIMULATION),
    ("any movement confirms any fault", RUN + "InjectionCrew.java",
     "if (!mayFeelAnother(fault)) {", "if (fault.mustBite()) {", "UnrulyInjectorTest"),
    ("one look is enough", RUN + "RollbackCrew.java",
     "if (job.firstGone && job.acknowledged) {", "if (job.acknowledged) {", SIMULATION),
    ("cannot see is taken for gone", RUN + "RollbackCrew.java",
     "case UNKNOWN -> unseen(job, seen.evidence());", "case UNKNOWN -> gone(job, seen.evidence());", SIMULATION),
    ("a failing undo stops the rest", RUN + "RollbackCrew.java",
     "boolean tried = earlier.everAcknowledged || earlier.everFailed;", "boolean tried = earlier.everAcknowledged;", SIMULATION),
    ("a start that is under way is forgotten", RUN + "RollbackCrew.java",
     "if (job.fault.starting) {", "if (job.attempts < 0) {", SIMULATION),
    ("what a later fault restores is forgotten", RUN + "RollbackCrew.java",
     "    if (isCovered(job)) {", "    if (job.attempts < 0 && isCovered(job)) {", SIMULATION),
    ("undo in the order of the start", RUN + "Run.java",
     "rollback.take(faults.get(i));", "rollback.take(faults.get(faults.size() - 1 - i));", "RunTest"),
    ("the wall clock decides what came after the fault", RUN + "Run.java",
     "this.loop = new SteadyLoop(loop);", "this.loop = loop;", "UnrulyInjectorTest"),
    ("silence confirms a fault", RUN + "Lookout.java",
     "|| seenDown.contains(finding.service()))", "|| finding.flaggedAt() != null)", SIMULATION),
    ("a listener that throws reaches the run", RUN + "EventLog.java",
     "    } catch (RuntimeException e) {\n      LOG.warn", "    } catch (IllegalMonitorStateException e) {\n      LOG.warn",
     SIMULATION),
    ("no halt when blind", RUN + "Lookout.java",
     "halts(Condition.BLIND) && blind", "halts(Condition.BLIND) && blind && looks < 0", "RunTest"),
    ("that a target answers is taken for evidence", RUN + "Lookout.java",
     "&& (kind != Signal.Kind.AVAILABILITY || (mode == Mode.JUDGING && sample.value() < 1));", ";",
     SIMULATION),
    ("what is down before the fault is a steady state", RUN + "Lookout.java",
     "(mode == Mode.JUDGING && sample.value() < 1)", "sample.value() < 1", "BadAnswersOfPrometheusTest"),
    ("the lease is renewed while blind", RUN + "Run.java",
     "lookout.map(Lookout::sighted).orElse(false)", "lookout.isPresent()", "GuardedRunTest"),
    ("a service that was seldom seen counts as well", RUN + "OutcomeJudge.java",
     ".filter(entry -> !evidence.enough(entry.getValue()))", ".filter(entry -> entry.getValue() < 0)", "RunTest"),
    ("a wrong clock is followed", "probes/src/main/java/dev/firebreak/probes/prometheus/PrometheusSource.java",
     "if (ahead.abs().compareTo(CLOCK_IS_WRONG) > 0) {", "if (ahead.compareTo(CLOCK_IS_WRONG) > 0) {", "PrometheusSourceTest"),
    ("NaN counts as seen", RUN + "HypothesisWatch.java",
     "return probes.stream()\n        .filter(probe -> Double.isNaN(probe.latest))",
     "return probes.stream()\n        .filter(probe -> probe.latest != probe.latest + 0 && probe.taken < 0)", "RunTest"),
    ("the checksum is not looked at", JOURNAL + "JournalLine.java",
     "return head.group(3).equals(checksum(covered, event))", "return head.group(3).length() == covered.length() * 0 + 8",
     "DamagedJournalTest"),
    ("the sync is dropped", JOURNAL + "FileJournal.java",
     "        channel.force(false);", "        channel.size();", "DurableJournalTest"),
    ("others may read the journal", JOURNAL + "FileJournal.java", '"rw-------"', '"rw-r--r--"', "DurableJournalTest"),
    ("a fault is begun on the last room of the disk", JOURNAL + "FileJournal.java",
     "return event.durable() && !beginsFault(event);", "return event.durable();", "DurableJournalTest"),
    ("the epoch is ignored by a run that was fenced off", JOURNAL + "FileJournal.java",
     "replaced() || (beginsFault(event) && fenced())", "replaced()", "EpochTest"),
    ("the epoch is ignored by a writer that was replaced", JOURNAL + "FileJournal.java",
     "replaced() || (beginsFault(event) && fenced())", "beginsFault(event) && fenced()", "EpochTest"),
    ("a line that came too late is evidence", JOURNAL + "JournalFile.java",
     "if (event instanceof FaultArmed) {", "if (event != null) {", "EpochTest"),
    ("a torn line is not wiped", JOURNAL + "FileJournal.java",
     "      journal.wipeRest();\n", "", "EpochTest"),
    ("the guard does not fence its run off", GUARD + "GuardDuty.java", "    fenceOff();\n", "", "GuardDutyTest"),
    ("a message that waited revives a lease", GUARD + "GuardDuty.java",
     "    // A message that waited while this process was paused must not revive a lease that is over.\n    rollBackIfDue();\n",
     "", "GuardDutyTest"),
    ("the guard acknowledges what is not on its disk", GUARD + "GuardDuty.java",
     "return Optional.of(String.valueOf(e.getMessage()));", "return Optional.empty();", "GuardDutyTest"),
    ("a lease counts from when its answer came", GUARD + "HeldLease.java",
     "    Long sent = sentNanos.remove(acknowledged);", "    Long sent = sentNanos.remove(number);", "HeldLeaseTest"),
    ("what is not a number is within a tolerance", "orchestrator/src/main/java/dev/firebreak/experiment/Tolerance.java",
     "value >= min.orElse(Double.NEGATIVE_INFINITY)\n        && value <= max.orElse(Double.POSITIVE_INFINITY)",
     "!(value < min.orElse(Double.NEGATIVE_INFINITY))\n        && !(value > max.orElse(Double.POSITIVE_INFINITY))", "ToleranceTest"),
    ("targets are rolled back one after the other", RUN + "RollbackCrew.java",
     "job.fault.undoOnly || earlier.fault.service().equals(job.fault.service());", "job.attempts >= 0;", "RollbackTest"),
    ("the second look comes at once", RUN + "RollbackCrew.java",
     "BETWEEN_LOOKS = Duration.ofSeconds(2)", "BETWEEN_LOOKS = Duration.ofMillis(2)", "RollbackTest"),
    ("404 is taken for undone", "injectors/http/src/main/java/dev/firebreak/injector/http/HttpInjector.java",
     "if (!exchange.expect().contain(answer.status())\n", "if (answer.status() != 404\n          && !exchange.expect().contain(answer.status())\n",
     "HttpInjectorTest"),
    ("an undo wakes what another process paused", "injectors/process/src/main/java/dev/firebreak/injector/process/ProcessInjector.java",
     "if (undo.kind().equals(KILL) || table.find(identity).isEmpty()) {", "if (undo.kind().equals(KILL)) {", "PauseTest"),
    ("a damaged line break costs the next record", JOURNAL + "JournalLine.java",
     "    return pieces;", "    pieces.clear();\n    return pieces;", "DamagedJournalTest"),
    ("samples from the future are fresh", "probes/src/main/java/dev/firebreak/probes/prometheus/Look.java",
     "if (Math.abs(age) <= ", "if (age <= ", "PrometheusSourceTest"),
    ("a warning of the server is not heard", "probes/src/main/java/dev/firebreak/probes/prometheus/Look.java",
     "if (!answer.warnings().isEmpty()) {", "if (answer.warnings().size() > 100) {", "BadAnswersOfPrometheusTest"),
    ("a start that goes on during a rollback loses its mark", MONKEY,
     "marked.deepCopy().setAll(assault.body(found))", "assault.body(found)", "InterleavedTest"),
    ("what a start changes during a rollback stays", MONKEY,
     "i <= REQUESTS_OF_A_START", "i < 1", "InterleavedTest"),
    ("the lease is never renewed", RUN + "Run.java",
     "      guard.renew();\n", "", "GuardedRunTest"),
    ("the lease is renewed although the run has given up", RUN + "Run.java",
     "guarded() && alert && leftNothing()", "guarded() && alert", "GuardedRunTest"),
    ("an undo that does not answer is waited for", RUN + "RollbackCrew.java",
     "job.busy && now - job.answerDueNanos >= 0", "job.busy && now < 0", "LateAnswersTest"),
    ("an environment that is listed is refused", "app/src/main/java/dev/firebreak/app/admission/Ceilings.java",
     ".contains(environment.toLowerCase(Locale.ROOT))", ".contains(environment)", "CeilingsTest"),
]


def main(words):
    root = subprocess.check_output(["git", "rev-parse", "--show-toplevel"], text=True).strip()
    chosen = [d for d in DEFECTS if not words or any(w in d[0] for w in words)]
    with tempfile.TemporaryDirectory(prefix="sabotage-") as copy:
        for name in subprocess.check_output(["git", "-C", root, "ls-files"], text=True).split("\n"):
            if name and os.path.isfile(os.path.join(root, name)):
                os.makedirs(os.path.dirname(os.path.join(copy, name)), exist_ok=True)
                shutil.copy(os.path.join(root, name), os.path.join(copy, name))
        caught = sum(plant(copy, *defect) for defect in chosen)
    print(f"{caught} of {len(chosen)} planted defects caught")
    return 0 if caught == len(chosen) else 1


def plant(copy, name, file, there, planted, test):
    path = os.path.join(copy, file)
    with open(path) as f:
        sound = f.read()
    if sound.count(there) != 1:
        print(f"  STALE   {name}: {file} does not have it once")
        return False
    with open(path, "w") as f:
        f.write(sound.replace(there, planted))
    began = time.monotonic()
    try:
        verdict = outcome(copy, test)
    finally:
        with open(path, "w") as f:
            f.write(sound)
    print(f"  {verdict:7} {name}, by {test} ({time.monotonic() - began:.0f} s)", flush=True)
    return verdict == "caught"


def outcome(copy, test):
    # What the tests cannot see, the compiler must not: it is asked to let everything pass.
    command = ["mvn", "-o", "-B", "-pl", module(copy, test), "-am", "test", "-Dtest=" + test, "-Dcompiler.warnings=-parameters",
               "-Dcompiler.errorprone.excluded=.*", "-Dsurefire.failIfNoSpecifiedTests=false", "-Dspotless.check.skip",
               "-Dfirebreak.simulation.seeds=20000" if test == SIMULATION else "-Dnothing"]
    try:
        done = subprocess.run(command, cwd=copy, capture_output=True, text=True, timeout=600)
    except subprocess.TimeoutExpired:
        return "hangs"
    if done.returncode == 0:
        return "MISSED"
    failed = re.search(r"Tests run: \d+, (Failures: [1-9]|Failures: 0, Errors: [1-9])", done.stdout)
    if not failed:
        with open("/tmp/sabotage.log", "w") as f:
            f.write(done.stdout + done.stderr)
    return "caught" if failed else "BROKEN"


def module(copy, test):
    """The module that the test is in."""
    for folder, _, files in os.walk(copy):
        if test + ".java" in files:
            return os.path.relpath(folder, copy).split("/src/test/")[0]
    sys.exit("there is no " + test)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
