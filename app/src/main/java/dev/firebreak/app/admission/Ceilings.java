package dev.firebreak.app.admission;

import dev.firebreak.experiment.Experiment;
import dev.firebreak.run.RunPlan;
import dev.firebreak.run.RunSpec;
import dev.firebreak.service.ServiceName;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What no GameDay file can raise, for all runs of one installation.
 *
 * @param longestRun baseline, fault and recovery together
 * @param faultsAtOnce of all runs on this machine together
 * @param injectedServices in the blast radius of one run
 * @param injectedShare of all services that the source knows, 0 to 1
 * @param longestBlindness the largest {@code blindAfter}
 * @param environments that may be injected into, in small letters; empty: all but those that look
 *     like production
 * @param hosts that faults may reach, by name or as {@code name:port}, in small letters; empty:
 *     all. Loopback always may
 */
public record Ceilings(
    Duration longestRun,
    int faultsAtOnce,
    int injectedServices,
    double injectedShare,
    Duration longestBlindness,
    Optional<Set<String>> environments,
    Optional<Set<String>> hosts) {
  /** Without a file. */
  public static final Ceilings DEFAULT =
      new Ceilings(
          Duration.ofMinutes(30),
          1,
          1,
          0.5,
          Duration.ofSeconds(60),
          Optional.empty(),
          Optional.empty());

  private static final Pattern PRODUCTION = Pattern.compile("(?i)(prod|production|live)([-_].*)?");

  public Ceilings {
    environments = environments.map(Set::copyOf);
    hosts = hosts.map(Set::copyOf);
  }

  /** What the file asks for beyond what is allowed, one sentence each. */
  List<String> violations(RunSpec spec) {
    Experiment experiment = spec.experiment();
    List<String> found = new ArrayList<>();
    Duration length =
        experiment
            .timing()
            .baseline()
            .plus(experiment.longestFault())
            .plus(experiment.timing().recovery());
    if (length.compareTo(longestRun) > 0) {
      found.add(
          "the run takes %d s with baseline, fault and recovery; longest-run allows %d s"
              .formatted(length.toSeconds(), longestRun.toSeconds()));
    }
    if (experiment.method().size() > faultsAtOnce) {
      found.add(
          "the method has %d faults; faults-at-once allows %d"
              .formatted(experiment.method().size(), faultsAtOnce));
    }
    if (experiment.radius().inject().size() > injectedServices) {
      found.add(
          "the blast radius injects into %d services; injected-services allows %d"
              .formatted(experiment.radius().inject().size(), injectedServices));
    }
    Duration blindAfter = experiment.halt().blindAfter();
    if (blindAfter.compareTo(longestBlindness) > 0) {
      found.add(
          "blindAfter is %d s; longest-blindness allows %d s"
              .formatted(blindAfter.toSeconds(), longestBlindness.toSeconds()));
    }
    environmentViolation(spec.gameDay().environment()).ifPresent(found::add);
    found.addAll(hostViolations(Targets.addresses(experiment)));
    return found;
  }

  private Optional<String> environmentViolation(String environment) {
    if (environments.isEmpty()) {
      return PRODUCTION.matcher(environment).matches()
          ? Optional.of(
              "the environment \"%s\" looks like production: it has to be named in environments"
                  .formatted(environment))
          : Optional.empty();
    }
    return environments.get().contains(environment.toLowerCase(Locale.ROOT))
        ? Optional.empty()
        : Optional.of(
            "the environment is \"%s\"; environments allows %s"
                .formatted(environment, environments.get().stream().sorted().toList()));
  }

  private List<String> hostViolations(Set<URI> addresses) {
    return addresses.stream()
        .filter(address -> !allows(address))
        .map(
            address ->
                "a fault reaches %s; hosts allows loopback%s"
                    .formatted(
                        address.getAuthority(),
                        hosts
                            .map(allowed -> " and " + allowed.stream().sorted().toList())
                            .orElse(" and all others but link-local addresses")))
        .toList();
  }

  private boolean allows(URI address) {
    String host = String.valueOf(address.getHost()).toLowerCase(Locale.ROOT);
    if (isLoopback(host)) {
      return true;
    }
    if (hosts.isEmpty()) {
      // The addresses by which machines in clouds ask for their own credentials.
      return !host.startsWith("169.254.") && !host.startsWith("[fe80:");
    }
    return hosts.get().contains(host) || hosts.get().contains(host + ":" + Targets.port(address));
  }

  private static boolean isLoopback(String host) {
    return host.equals("localhost")
        || host.equals("[::1]")
        || host.matches("127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}");
  }

  /** What is too much for a system of this size, one sentence each. */
  List<String> violations(RunSpec spec, RunPlan plan) {
    Set<ServiceName> known = new HashSet<>(plan.outside());
    plan.discovery().ifPresent(found -> known.addAll(found.services()));
    int injected = spec.experiment().radius().inject().size();
    known.addAll(spec.experiment().radius().inject());
    double share = (double) injected / known.size();
    if (injected > 1 && !(share <= injectedShare)) {
      return List.of(
          "the blast radius injects into %d of %d services; injected-share allows %.0f%%"
              .formatted(injected, known.size(), 100 * injectedShare));
    }
    return List.of();
  }
}
