package dev.firebreak.run.simulation;

import dev.firebreak.fault.FaultDescription;
import dev.firebreak.fault.FaultId;
import dev.firebreak.fault.FaultInjector;
import dev.firebreak.fault.FaultKind;
import dev.firebreak.fault.FaultPlan;
import dev.firebreak.fault.FaultRequest;
import dev.firebreak.fault.InjectionException;
import dev.firebreak.fault.Observation;
import dev.firebreak.fault.RollbackException;
import dev.firebreak.fault.Undo;
import dev.firebreak.service.ServiceName;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * Puts faults into the world's targets, honestly as far as the moods allow. {@code sim/entry} adds
 * an entry of its own beside those of others; {@code sim/setting} replaces the one setting and
 * restores what it found; {@code sim/restore} is an undo action of the user's own.
 */
final class WorldInjector implements FaultInjector {
  static final FaultKind ENTRY = FaultKind.of("sim/entry");
  static final FaultKind SETTING = FaultKind.of("sim/setting");
  static final FaultKind RESTORE = FaultKind.of("sim/restore");

  private static final long LONGEST_ANSWER_NANOS = Duration.ofSeconds(30).toNanos();

  private final World world;
  private final RandomGenerator random;
  private final Moods moods;
  private final Consumer<FaultId> startChecked;

  /** Came back, or were lied about: once, and not both, since then no look could tell. */
  private final Set<String> tricky = new HashSet<>();

  /** Targets whose undo never works. */
  final Set<ServiceName> stuck = new HashSet<>();

  WorldInjector(World world, RandomGenerator random, Moods moods, Consumer<FaultId> startChecked) {
    this.world = world;
    this.random = random;
    this.moods = moods;
    this.startChecked = startChecked;
  }

  @Override
  public List<FaultDescription> faults() {
    return List.of(described(ENTRY), described(SETTING), described(RESTORE));
  }

  private static FaultDescription described(FaultKind kind) {
    return new FaultDescription(kind, "simulated", List.of(), List.of(), true);
  }

  @Override
  public FaultPlan plan(FaultId id, FaultRequest request) throws InjectionException {
    mayBreak(0.3);
    maySlow();
    return new FaultPlan(id, request, "target " + request.service(), Map.of());
  }

  @Override
  public Undo arm(FaultPlan plan) throws InjectionException {
    mayBreak(1);
    Target target = world.target(plan.request().service());
    requireThere(target);
    refuseWhatIsNotOurs(target, plan);
    Undo undo =
        new Undo(
            plan.id(),
            plan.request().kind(),
            Map.of("service", target.service.value(), "found", target.setting));
    maySlow();
    mayNeverReply();
    if (happens(moods.lostReply())) {
      world.loop.holdReplyUp(Duration.ofSeconds(3));
      throw InjectionException.ambiguous("no answer within 3 s", null);
    }
    return undo;
  }

  private static void refuseWhatIsNotOurs(Target target, FaultPlan plan) throws InjectionException {
    String run = plan.id().value().substring(0, plan.id().value().indexOf('.'));
    boolean stale =
        target.register.keySet().stream().anyMatch(key -> isOfAnotherRun(key, run))
            || isOfAnotherRun(target.setting, run);
    if (stale) {
      throw InjectionException.refused("somebody else's fault is active on " + target.service);
    }
  }

  private static boolean isOfAnotherRun(String state, String run) {
    return state.startsWith(Target.MARK) && !state.startsWith(Target.MARK + run);
  }

  @Override
  public void start(FaultPlan plan, Undo undo) throws InjectionException {
    startChecked.accept(plan.id());
    if (plan.request().kind().equals(RESTORE)) {
      return;
    }
    mayBreak(0.5);
    Target target = world.target(plan.request().service());
    requireThere(target);
    if (happens(moods.lostRequest())) {
      world.loop.holdReplyUp(Duration.ofSeconds(3));
      throw InjectionException.ambiguous("no answer within 3 s", null);
    }
    if (hasChanged(plan.request().kind(), undo, target)) {
      throw InjectionException.refused("the setting is not what was found");
    }
    if (happens(moods.lie() / 3)) {
      world.note("start of " + plan.id() + " lies: nothing was done");
      return;
    }
    if (happens(moods.slow())) {
      // The request itself is slow: the effect comes late, and the answer with it.
      Duration late = Duration.ofNanos(random.nextLong(LONGEST_ANSWER_NANOS));
      world.loop.holdReplyUp(late);
      world.loop.after(late, () -> putInPlace(undo, target));
      mayNeverReply();
      return;
    }
    putInPlace(undo, target);
    maySlow();
    mayNeverReply();
    mayBreak(0.5);
    if (happens(moods.lostReply())) {
      world.loop.holdReplyUp(Duration.ofSeconds(3));
      throw InjectionException.ambiguous("no answer within 3 s", null);
    }
    if (happens(moods.lie() / 3)) {
      throw InjectionException.refused("HTTP 409, which is a lie");
    }
  }

  /** Somebody was faster: what the undo would restore is not what is there. */
  private static boolean hasChanged(FaultKind kind, Undo undo, Target target) {
    return kind.equals(SETTING) && !target.setting.equals(undo.data().get("found"));
  }

  private void putInPlace(Undo undo, Target target) {
    FaultKind kind = undo.kind();
    FaultId id = undo.id();
    if (target.gone || hasChanged(kind, undo, target)) {
      return;
    }
    world.note("in place: " + id);
    if (kind.equals(SETTING)) {
      target.setting = Target.MARK + id;
    } else {
      target.register.put(Target.MARK + id, "slow");
    }
    changed("start of " + id);
  }

  private void changed(String by) {
    world.feel();
    world.checkOthersState(by);
  }

  @Override
  public void rollBack(Undo undo) throws RollbackException {
    if (undo.kind().equals(RESTORE)) {
      world.note("the user's own undo: " + undo.id());
      return;
    }
    Target target = world.target(ServiceName.of(undo.require("service")));
    if (happens(moods.broken() / 2)) {
      throw new IllegalStateException("the injector broke before the undo");
    }
    if (target.gone && target.goneForSure) {
      return;
    }
    if (world.away(target)) {
      throw new RollbackException("connection refused");
    }
    if (stuck.contains(target.service)) {
      throw new RollbackException("HTTP 503");
    }
    if (happens(moods.lostRequest())) {
      world.loop.holdReplyUp(Duration.ofSeconds(3));
      throw new RollbackException("no answer within 3 s");
    }
    if (happens(moods.lie() / 2)) {
      world.note("undo of " + undo.id() + " lies: nothing was done");
      return;
    }
    remove(undo, target);
    maySlow();
    mayNeverReply();
    if (happens(moods.lostReply())) {
      world.loop.holdReplyUp(Duration.ofSeconds(3));
      throw new RollbackException("no answer within 3 s");
    }
    if (happens(moods.broken() / 2)) {
      throw new LinkageError("the injector was built for another version");
    }
  }

  private void remove(Undo undo, Target target) throws RollbackException {
    String mark = Target.MARK + undo.id();
    if (!target.holds(undo.id().value())) {
      return;
    }
    world.note("removed: " + undo.id());
    if (undo.kind().equals(SETTING)) {
      target.setting = undo.require("found");
    } else {
      target.register.remove(mark);
      if (happens(moods.reappear()) && tricky.add(mark)) {
        Duration soon = Duration.ofMillis(200 + random.nextInt(1_400));
        world.loop.after(soon, () -> reappear(undo, target));
      }
    }
    changed("undo of " + undo.id());
  }

  private void reappear(Undo undo, Target target) {
    if (!target.gone) {
      world.note("back again: " + undo.id());
      target.register.put(Target.MARK + undo.id(), "slow");
      changed("the return of " + undo.id());
    }
  }

  @Override
  public Observation look(Undo undo) {
    if (undo.kind().equals(RESTORE)) {
      return Observation.gone("an undo action has no effect of its own");
    }
    if (happens(moods.broken() / 2)) {
      throw new IllegalStateException("the injector broke while looking");
    }
    maySlow();
    Target target = world.target(ServiceName.of(undo.data().getOrDefault("service", "")));
    if (target.gone) {
      return target.goneForSure
          ? Observation.gone("the target is gone")
          : Observation.unknown("connection refused");
    }
    if (world.away(target) || happens(moods.lostReply())) {
      return Observation.unknown("no answer");
    }
    if (!target.holds(undo.id().value())) {
      return Observation.gone("not there");
    }
    if (happens(moods.lie()) && tricky.add(Target.MARK + undo.id())) {
      return Observation.gone("not there, which is a lie told once");
    }
    return target.bites ? Observation.present("p95 is 1.5 s") : Observation.inPlace("listed");
  }

  private void requireThere(Target target) throws InjectionException {
    if (world.away(target)) {
      throw InjectionException.refused("connection refused");
    }
  }

  private boolean happens(double probability) {
    return probability > 0 && random.nextDouble() < probability;
  }

  private void maySlow() {
    if (happens(moods.slow())) {
      world.loop.holdReplyUp(Duration.ofNanos(random.nextLong(LONGEST_ANSWER_NANOS)));
    }
  }

  private void mayNeverReply() {
    if (happens(moods.never())) {
      world.note("a call never returns");
      world.loop.neverReply();
    }
  }

  private void mayBreak(double share) {
    if (happens(moods.broken() * share)) {
      if (random.nextBoolean()) {
        throw new IllegalStateException("the injector broke");
      }
      throw new LinkageError("the injector was built for another version");
    }
  }
}
