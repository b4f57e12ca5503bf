package dev.firebreak.run.simulation;

import dev.firebreak.service.ServiceName;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Where faults go: a register of named entries, and one setting for all. Both hold other people's
 * state as well, which Firebreak may not touch.
 */
final class Target {
  /** All that Firebreak puts in place begins with this. */
  static final String MARK = "firebreak-";

  final ServiceName service;
  final SortedMap<String, String> register = new TreeMap<>();
  String setting = "v1";

  /** What everybody else wants the setting to be. */
  String settingOfOthers = "v1";

  boolean bites = true;
  boolean gone;
  boolean goneForSure;
  long awayUntilNanos;

  Target(ServiceName service) {
    this.service = service;
  }

  boolean holds(String fault) {
    return register.containsKey(MARK + fault) || setting.equals(MARK + fault);
  }

  boolean holdsAny() {
    return setting.startsWith(MARK) || register.keySet().stream().anyMatch(k -> k.startsWith(MARK));
  }

  /** What belongs to others, as bytes to compare. */
  String othersState() {
    return register.entrySet().stream()
            .filter(entry -> !entry.getKey().startsWith(MARK))
            .map(Object::toString)
            .collect(Collectors.joining(","))
        + "|"
        + (setting.startsWith(MARK) ? settingOfOthers : setting);
  }

  /** A restart that loses what only memory held. */
  void forgetFaults() {
    register.keySet().removeIf(key -> key.startsWith(MARK));
    if (setting.startsWith(MARK)) {
      setting = settingOfOthers;
    }
  }

  void changeSettingOfOthers(String value) {
    settingOfOthers = value;
    setting = value;
  }
}
