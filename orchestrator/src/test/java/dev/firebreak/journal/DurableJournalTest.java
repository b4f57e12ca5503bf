package dev.firebreak.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.firebreak.fault.FaultId;
import dev.firebreak.fault.FaultKind;
import dev.firebreak.fault.Undo;
import dev.firebreak.run.JournalException;
import dev.firebreak.run.Phase;
import dev.firebreak.run.RunEvent;
import dev.firebreak.run.RunEvent.FaultArmed;
import dev.firebreak.run.RunEvent.InjectionSent;
import dev.firebreak.run.RunEvent.PhaseEntered;
import dev.firebreak.run.RunEvent.RollbackRequested;
import dev.firebreak.run.RunEvent.SamplesTaken;
import dev.firebreak.service.ServiceName;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DurableJournalTest {
  private static final Instant AT = Instant.parse("2026-11-23T10:00:00Z");
  private static final FaultId FAULT = FaultId.of("f1");
  private static final RunEvent REQUESTED = new RollbackRequested(AT, FAULT, 1);
  private static final RunEvent ARMED =
      new FaultArmed(
          AT,
          FAULT,
          FaultKind.PLACEBO,
          ServiceName.of("stock"),
          "nothing",
          Duration.ofMinutes(1),
          new Undo(FAULT, FaultKind.PLACEBO, Map.of()));

  private final Numbered codec = new Numbered();

  @TempDir private Path directory = Path.of("");

  @Test
  void theRoomForRollbacksIsThereBeforeItIsNeededAndCutOffWhenItIsNot() throws Exception {
    FileJournal journal = FileJournal.create(file(), codec);
    journal.append(ARMED);
    assertThat(Files.size(file())).isGreaterThan(FileJournal.RESERVE);
    assertThat(JournalFile.read(file(), codec).damage()).isEmpty();

    journal.close();
    assertThat(Files.readString(file())).hasLineCount(1).endsWith("}\n");
  }

  @Test
  void nobodyElseMayReadIt() throws Exception {
    FileJournal.create(file(), codec).close();

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
        .isEqualTo("rw-------");
  }

  @Test
  void onAFullDiskARollbackIsRecordedAndNothingIsArmed() throws Exception {
    FullDisk disk = new FullDisk(open(), 300 * 1024);
    try (FileJournal journal = new FileJournal(file(), disk, codec, 1, 0)) {
      assertThatThrownBy(() -> fill(journal)).isInstanceOf(JournalException.class);
      assertThatThrownBy(() -> journal.append(ARMED)).isInstanceOf(JournalException.class);
      assertThatThrownBy(() -> journal.append(new InjectionSent(AT, FAULT)))
          .isInstanceOf(JournalException.class);
      for (int i = 0; i < 200; i++) {
        journal.append(REQUESTED);
      }
    }
    JournalFile read = JournalFile.read(file(), codec);
    assertThat(read.damage()).isEmpty();
    assertThat(read.events()).filteredOn(REQUESTED::equals).hasSize(200);
  }

  private void fill(FileJournal journal) throws JournalException {
    for (int i = 0; i < 10_000; i++) {
      journal.append(new SamplesTaken(AT, List.of((double) i)));
    }
  }

  @Test
  void aWriteThatFailedHalfwayIsOverwrittenByTheNext() throws Exception {
    FullDisk disk = new FullDisk(open(), 300 * 1024);
    try (FileJournal journal = new FileJournal(file(), disk, codec, 1, 0)) {
      journal.append(ARMED);
      disk.failHalfway();
      assertThatThrownBy(() -> journal.append(REQUESTED)).isInstanceOf(JournalException.class);
      journal.append(REQUESTED);
    }
    JournalFile read = JournalFile.read(file(), codec);
    assertThat(read.damage()).isEmpty();
    assertThat(read.events()).containsExactly(ARMED, REQUESTED);
  }

  @Test
  void aJournalThatWasCutAnywhereGoesOnBehindItsLastWholeLine() throws Exception {
    try (FileJournal journal = FileJournal.create(file(), codec)) {
      journal.append(ARMED);
      journal.append(REQUESTED);
    }
    byte[] whole = Files.readAllBytes(file());
    for (int length = 0; length <= whole.length; length++) {
      Path cut = directory.resolve("cut-" + length);
      Files.write(cut, Arrays.copyOf(whole, length));
      int intact = JournalFile.read(cut, codec).events().size();
      try (FileJournal journal = FileJournal.reopen(cut, codec)) {
        journal.append(new PhaseEntered(AT, Phase.CLOSED));
      }
      JournalFile read = JournalFile.read(cut, codec);
      assertThat(read.damage()).as("cut at " + length).isEmpty();
      assertThat(read.events()).hasSize(intact + 1);
    }
  }

  @Test
  void aCrashLeavesRoomBehindTheLastLineAndThatIsNoDamage() throws Exception {
    FileJournal left = FileJournal.create(file(), codec);
    left.append(ARMED);

    try (FileJournal journal = FileJournal.reopen(file(), codec)) {
      journal.append(REQUESTED);
    }
    JournalFile read = JournalFile.read(file(), codec);
    assertThat(read.damage()).isEmpty();
    assertThat(read.events()).containsExactly(ARMED, REQUESTED);
    left.close();
  }

  @Test
  void aLineTornOverTheRoomBehindItIsToldAsTornAndNotAsDamage() throws Exception {
    Files.write(file(), "{\"seq\":1,\"crc\n\n\n\n".getBytes(StandardCharsets.UTF_8));

    JournalFile read = JournalFile.read(file(), codec);
    assertThat(read.damage()).containsExactly("line 1 is torn off");
    assertThat(read.damagedWithin()).isFalse();
  }

  @Test
  void damageBeforeTheEndIsKeptAndStaysTold() throws Exception {
    try (FileJournal journal = FileJournal.create(file(), codec)) {
      journal.append(ARMED);
      journal.append(REQUESTED);
      journal.append(REQUESTED);
    }
    byte[] bytes = Files.readAllBytes(file());
    bytes[20] ^= 1;
    Files.write(file(), bytes);

    assertThat(JournalFile.read(file(), codec).damagedWithin()).isTrue();
    try (FileJournal journal = FileJournal.reopen(file(), codec)) {
      journal.append(REQUESTED);
    }
    JournalFile read = JournalFile.read(file(), codec);
    assertThat(read.damagedWithin()).isTrue();
    assertThat(read.damage()).containsExactly("line 1 is damaged");
    assertThat(read.events()).hasSize(3);
  }

  private Path file() {
    return directory.resolve("journal.jsonl");
  }

  private FileChannel open() throws Exception {
    return FileChannel.open(file(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
  }

  /** Writes an event as its number. */
  private static final class Numbered implements EventCodec {
    private final Map<String, RunEvent> events = new HashMap<>();

    @Override
    public byte[] encode(RunEvent event) {
      String text = "{\"event\":\"" + Integer.toHexString(event.hashCode()) + "\"}";
      events.put(text, event);
      return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public RunEvent decode(byte[] bytes) throws JournalException {
      RunEvent event = events.get(new String(bytes, StandardCharsets.UTF_8));
      if (event == null) {
        throw new JournalException("no such event");
      }
      return event;
    }
  }
}
