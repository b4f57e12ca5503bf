package dev.firebreak.guard;

import dev.firebreak.fault.FaultId;
import dev.firebreak.fault.Undo;
import dev.firebreak.run.FakeCluster;
import dev.firebreak.run.RunEvent.FaultArmed;
import dev.firebreak.service.ServiceName;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/** Undo records of faults on a {@link FakeCluster}. */
final class Records {
  private Records() {}

  static FaultArmed armed(String id) {
    return armed(id, "stock");
  }

  static FaultArmed armed(String id, String service) {
    return new FaultArmed(
        Instant.EPOCH,
        FaultId.of(id),
        FakeCluster.SLOW,
        ServiceName.of(service),
        "fake " + service,
        Duration.ofMinutes(1),
        new Undo(FaultId.of(id), FakeCluster.SLOW, Map.of("service", service)));
  }
}
