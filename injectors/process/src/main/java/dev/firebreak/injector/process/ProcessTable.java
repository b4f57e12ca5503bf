package dev.firebreak.injector.process;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** The processes of this machine. */
interface ProcessTable {
  /**
   * The process that has this pid now; empty if it is certain that none has.
   *
   * @throws IOException if that cannot be told
   */
  Optional<ProcessEntry> find(long pid) throws IOException;

  /** All that can be seen, in the order of their pids. */
  List<ProcessEntry> all() throws IOException;

  /** The present on the clock of {@link ProcessIdentity#startedMillis()}. */
  long nowMillis() throws IOException;

  /** The process with this identity; empty once it is gone, whoever has its pid now. */
  default Optional<ProcessEntry> find(ProcessIdentity identity) throws IOException {
    return find(identity.pid())
        .filter(entry -> entry.identity().equals(identity))
        .filter(ProcessEntry::alive);
  }
}
