package dev.firebreak.cascade;

import dev.firebreak.cascade.Topology.Tie;
import dev.firebreak.service.ServiceName;
import java.util.List;

/**
 * The services beyond the fault's reach. If most of them are ill too, then what they share is the
 * cause, and not the fault: a difference in differences.
 */
final class ControlGroup {
  /** Beyond this share of the control group, what they share is the cause. */
  private static final double COMMON_SHARE = 0.75;

  private static final int SMALLEST = 4;

  private final ServiceEvidence evidence;
  private final boolean[] isControl;
  private final int size;
  private int stirred;

  ControlGroup(
      List<ServiceName> services, Watch watch, Topology topology, ServiceEvidence evidence) {
    this.evidence = evidence;
    this.isControl = new boolean[services.size()];
    int known = 0;
    for (int s = 0; s < isControl.length; s++) {
      ServiceName service = services.get(s);
      Tie tie = topology.tie(service);
      boolean apart = tie == Tie.NEIGHBOUR || tie == Tie.APART;
      isControl[s] = topology.known() && apart && watch.isOutside(service);
      known += isControl[s] ? 1 : 0;
    }
    this.size = known;
  }

  /** Looks which of them are ill at the moment. */
  void look() {
    stirred = 0;
    for (int s = 0; s < isControl.length; s++) {
      stirred += isControl[s] && evidence.isStirred(s) ? 1 : 0;
    }
  }

  /** Whether most of the others in the group are ill too. */
  boolean sharesACause(int s) {
    int others = size - (isControl[s] ? 1 : 0);
    int ill = stirred - (isControl[s] && evidence.isStirred(s) ? 1 : 0);
    return others >= SMALLEST && ill >= COMMON_SHARE * others;
  }
}
