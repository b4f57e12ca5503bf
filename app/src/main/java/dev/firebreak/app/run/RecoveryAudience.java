package dev.firebreak.app.run;

import dev.firebreak.fault.Injectors;
import dev.firebreak.journal.JournalFile;
import dev.firebreak.run.RunEvent.RunOpened;

/** What else there is to do when a run is recovered. Nothing in it can keep a fault in place. */
public interface RecoveryAudience {
  /** The injectors by which this run is rolled back, such as ones that say so to their targets. */
  Injectors injectors(Injectors plain, RunOpened run);

  /** A run was closed. Told once at least for each; the journal is all of it. */
  void closed(JournalFile journal);

  /** Nobody. */
  static RecoveryAudience nobody() {
    return new RecoveryAudience() {
      @Override
      public Injectors injectors(Injectors plain, RunOpened run) {
        return plain;
      }

      @Override
      public void closed(JournalFile journal) {}
    };
  }
}
