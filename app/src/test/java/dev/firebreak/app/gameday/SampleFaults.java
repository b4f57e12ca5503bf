package dev.firebreak.app.gameday;

import dev.firebreak.fault.FaultDescription;
import dev.firebreak.fault.FaultKind;
import dev.firebreak.fault.Parameter;
import dev.firebreak.fault.PlaceboInjector;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Readers that know faults with parameters of every type. */
final class SampleFaults {
  private SampleFaults() {}

  static List<FaultDescription> all() {
    List<FaultDescription> all = new ArrayList<>(new PlaceboInjector().faults());
    all.add(latency());
    all.add(pause());
    all.add(request());
    return all;
  }

  /** Takes any cron expression but {@code never}; has the variable {@code TOKEN}. */
  static GameDayReader reader() {
    return new GameDayReader(
        all(),
        (cron, zone) ->
            cron.equals("never") ? Optional.of("never fires in " + zone) : Optional.empty(),
        variable -> variable.equals("TOKEN") ? Optional.of("Bearer s3cret") : Optional.empty());
  }

  private static FaultDescription latency() {
    return new FaultDescription(
        FaultKind.of("chaos-monkey/latency"),
        "makes answers slow",
        List.of(Parameter.required("url", Parameter.Type.URL, "of the application")),
        List.of(
            Parameter.required("latency", Parameter.Type.DURATION_RANGE, "added to each call"),
            Parameter.choice(
                "watcher", false, "what is slow", List.of("restController", "service")),
            Parameter.optional("share", Parameter.Type.PERCENT, "of the calls"),
            Parameter.optional("deterministic", Parameter.Type.BOOLEAN, "every n-th call")),
        true);
  }

  private static FaultDescription pause() {
    return new FaultDescription(
        FaultKind.of("process/pause"),
        "stops a process",
        List.of(
            Parameter.required("pid", Parameter.Type.INTEGER, "of the process"),
            Parameter.optional("startedWithin", Parameter.Type.DURATION, "of the pid's start")),
        List.of(),
        true);
  }

  private static FaultDescription request() {
    Parameter url = Parameter.required("url", Parameter.Type.URL, "where to send it");
    return new FaultDescription(
        FaultKind.of("http/request"),
        "sends a request",
        List.of(),
        List.of(
            Parameter.object(
                "do",
                true,
                "puts it in place",
                List.of(
                    url,
                    Parameter.choice("method", false, "of HTTP", List.of("POST", "PUT")),
                    Parameter.optional("body", Parameter.Type.TEXT, "sent"))),
            Parameter.object("undo", true, "removes it", List.of(url)),
            Parameter.object("labels", false, "sent along", List.of())),
        true);
  }
}
