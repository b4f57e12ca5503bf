package dev.firebreak.app.admission;

import dev.firebreak.experiment.Experiment;
import dev.firebreak.fault.FaultRequest;
import dev.firebreak.run.RunSpec;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/** What the faults of an experiment reach, told from the file alone. */
final class Targets {
  private static final int HASH_BYTES = 12;

  private Targets() {}

  /**
   * What only one run may have as its target at a time: services, the hosts and ports that faults
   * are sent to, and whatever else an injector is told to find its target by.
   */
  static Set<String> identities(RunSpec spec) {
    Set<String> identities = new TreeSet<>();
    for (FaultRequest request : requests(spec.experiment())) {
      identities.add("service " + request.service() + " in " + spec.gameDay().environment());
      Set<URI> addresses = addresses(request);
      addresses.forEach(
          address -> identities.add("address " + address.getHost() + ":" + port(address)));
      if (addresses.isEmpty() && !request.target().isEmpty()) {
        identities.add("target " + new TreeMap<>(request.target()));
      }
    }
    return identities;
  }

  /** A lock's name for an identity. */
  static String lockName(String identity) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(identity.getBytes(StandardCharsets.UTF_8));
      return "target-" + HexFormat.of().formatHex(hash, 0, HASH_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Where requests of the faults go: each parameter that is an address, undo and look included. */
  static Set<URI> addresses(Experiment experiment) {
    Set<URI> addresses = new TreeSet<>();
    requests(experiment).forEach(request -> addresses.addAll(addresses(request)));
    return addresses;
  }

  private static Set<URI> addresses(FaultRequest request) {
    Set<URI> addresses = new TreeSet<>();
    for (Map<String, String> words : List.of(request.target(), request.with())) {
      for (String value : words.values()) {
        if (value.startsWith("http://") || value.startsWith("https://")) {
          addresses.add(URI.create(value));
        }
      }
    }
    return addresses;
  }

  private static List<FaultRequest> requests(Experiment experiment) {
    List<FaultRequest> requests = new ArrayList<>();
    Stream.of(experiment.method(), experiment.rollbacks()).forEach(requests::addAll);
    return requests;
  }

  static int port(URI address) {
    if (address.getPort() >= 0) {
      return address.getPort();
    }
    return "https".equals(address.getScheme()) ? 443 : 80;
  }
}
