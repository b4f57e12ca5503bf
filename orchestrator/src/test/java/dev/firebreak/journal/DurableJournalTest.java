package dev.firebreak.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.firebreak.run.JournalException;
import dev.firebreak.run.Phase;
import dev.firebreak.run.RunEvent.PhaseEntered;
import dev.firebreak.run.RunEvent.SamplesTaken;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DurableJournalTest {
  private final NumberedCodec codec = new NumberedCodec();

  @TempDir private Path directory = Path.of("");

  @Test
  void theRoomForRollbacksIsThereBeforeItIsNeededAndCutOffWhenItIsNot() throws Exception {
    FileJournal journal = FileJournal.create(file(), codec);
    assertThat(Files.size(file())).isGreaterThan(FileJournal.RESERVE);
    journal.append(Journaled.ARMED);
    assertThat(JournalFile.read(file(), codec).damage()).isEmpty();

    journal.close();
    assertThat(Files.readString(file())).hasLineCount(2).endsWith("}\n");
  }

  @Test
  void theRoomIsOnTheDiskBeforeTheFirstEventAndWhatItHoldsWhenItIsClosed() throws Exception {
    FullDisk disk = new FullDisk(open(), 300 * 1024);
    FileJournal journal = FileJournal.begin(file(), disk, codec, Epoch.RUN);
    int begun = disk.forced();
    assertThat(begun).isPositive();

    journal.close();
    assertThat(disk.forced()).isEqualTo(begun + 1);
    assertThat(disk.isOpen()).isFalse();
  }

  @Test
  void samplesLeaveTheRoomForRollbacksAndRollbacksNeverGoBeyondIt() throws Exception {
    FullDisk disk = new FullDisk(open(), 300 * 1024);
    FileJournal journal = FileJournal.begin(file(), disk, codec, Epoch.RUN);
    long room = Files.size(file());
    assertThatThrownBy(() -> fill(journal)).isInstanceOf(JournalException.class);
    long sampled = JournalFile.read(file(), codec).tail().length();
    assertThat(room - sampled).isBetween((long) FileJournal.RESERVE, FileJournal.RESERVE + 200L);

    assertThatThrownBy(
            () -> {
              for (int i = 0; i < 10_000; i++) {
                journal.append(Journaled.REQUESTED);
              }
            })
        .isInstanceOf(JournalException.class);
    assertThat(Files.size(file())).isEqualTo(room);
    assertThat(room - JournalFile.read(file(), codec).tail().length()).isLessThan(200);
    journal.close();
  }

  @Test
  void whatIsDurableIsForcedBeforeAnybodyIsToldAndWhatIsNotIsNot() throws Exception {
    FullDisk disk = new FullDisk(open(), 300 * 1024);
    try (FileJournal journal = FileJournal.begin(file(), disk, codec, Epoch.RUN)) {
      int before = disk.forced();
      journal.append(Journaled.ARMED);
      assertThat(disk.forced()).isEqualTo(before + 1);
      journal.append(new SamplesTaken(Journaled.AT, List.of(1.0)));
      assertThat(disk.forced()).isEqualTo(before + 1);
    }
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
    try (FileJournal journal = FileJournal.begin(file(), disk, codec, Epoch.RUN)) {
      assertThatThrownBy(() -> fill(journal)).isInstanceOf(JournalException.class);
      assertThatThrownBy(() -> journal.append(Journaled.ARMED))
          .isInstanceOf(JournalException.class);
      assertThatThrownBy(() -> journal.append(Journaled.SENT)).isInstanceOf(JournalException.class);
      for (int i = 0; i < 200; i++) {
        journal.append(Journaled.REQUESTED);
      }
    }
    JournalFile read = JournalFile.read(file(), codec);
    assertThat(read.damage()).isEmpty();
    assertThat(read.events()).filteredOn(Journaled.REQUESTED::equals).hasSize(200);
  }

  @Test
  void onARealDiskThatIsFullARollbackIsRecordedAndNothingIsArmed() throws Exception {
    try (SmallDisk disk = SmallDisk.mount(directory.resolve("disk"))) {
      Path full = disk.directory().resolve("journal.jsonl");
      try (FileJournal journal = FileJournal.create(full, codec)) {
        journal.append(Journaled.ARMED);
        disk.fill();
        assertThatThrownBy(() -> fill(journal)).hasMessageContaining("No space left on device");
        assertThatThrownBy(() -> journal.append(Journaled.SENT))
            .isInstanceOf(JournalException.class);
        JournalFence.raise(full, Epoch.GUARD);
        for (int i = 0; i < 200; i++) {
          journal.append(Journaled.REQUESTED);
        }
      }
      JournalFile read = JournalFile.read(full, codec);
      assertThat(read.damage()).isEmpty();
      assertThat(read.events()).filteredOn(Journaled.REQUESTED::equals).hasSize(200);
    }
  }

  @Test
  void onARealDiskThatIsFullWhoGoesOnUsesTheRoomThatWasLeft() throws Exception {
    try (SmallDisk disk = SmallDisk.mount(directory.resolve("disk"))) {
      Path full = disk.directory().resolve("journal.jsonl");
      FileJournal left = FileJournal.create(full, codec);
      left.append(Journaled.ARMED);
      disk.fill();
      try (FileJournal journal = FileJournal.reopen(full, codec)) {
        for (int i = 0; i < 200; i++) {
          journal.append(Journaled.REQUESTED);
        }
      }
      left.close();
      JournalFile read = JournalFile.read(full, codec);
      assertThat(read.damage()).isEmpty();
      assertThat(read.events()).hasSize(201);
    }
  }

  private void fill(FileJournal journal) throws JournalException {
    for (int i = 0; i < 10_000; i++) {
      journal.append(new SamplesTaken(Journaled.AT, List.of((double) i)));
    }
  }

  @Test
  void aWriteThatFailedHalfwayIsOverwrittenByTheNext() throws Exception {
    FullDisk disk = new FullDisk(open(), 300 * 1024);
    try (FileJournal journal = FileJournal.begin(file(), disk, codec, Epoch.RUN)) {
      journal.append(Journaled.ARMED);
      disk.failHalfway();
      assertThatThrownBy(() -> journal.append(Journaled.REQUESTED))
          .isInstanceOf(JournalException.class);
      journal.append(Journaled.REQUESTED);
    }
    JournalFile read = JournalFile.read(file(), codec);
    assertThat(read.damage()).isEmpty();
    assertThat(read.events()).containsExactly(Journaled.ARMED, Journaled.REQUESTED);
  }

  @Test
  void aJournalThatWasCutAnywhereGoesOnBehindItsLastWholeLine() throws Exception {
    try (FileJournal journal = FileJournal.create(file(), codec)) {
      journal.append(Journaled.ARMED);
      journal.append(Journaled.REQUESTED);
    }
    byte[] whole = Files.readAllBytes(file());
    for (int length = 0; length <= whole.length; length++) {
      Path cut = directory.resolve("cut-" + length);
      Files.write(cut, Arrays.copyOf(whole, length));
      int intact = JournalFile.read(cut, codec).events().size();
      try (FileJournal journal = FileJournal.reopen(cut, codec)) {
        journal.append(new PhaseEntered(Journaled.AT, Phase.CLOSED));
      }
      JournalFile read = JournalFile.read(cut, codec);
      assertThat(read.damage()).as("cut at " + length).isEmpty();
      assertThat(read.events()).hasSize(intact + 1);
    }
  }

  @Test
  void aCrashLeavesRoomBehindTheLastLineAndThatIsNoDamage() throws Exception {
    FileJournal left = FileJournal.create(file(), codec);
    left.append(Journaled.ARMED);

    try (FileJournal journal = FileJournal.reopen(file(), codec)) {
      journal.append(Journaled.REQUESTED);
    }
    JournalFile read = JournalFile.read(file(), codec);
    assertThat(read.damage()).isEmpty();
    assertThat(read.events()).containsExactly(Journaled.ARMED, Journaled.REQUESTED);
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
      journal.append(Journaled.ARMED);
      journal.append(Journaled.REQUESTED);
      journal.append(Journaled.REQUESTED);
    }
    byte[] bytes = Files.readAllBytes(file());
    bytes[JournalHead.LENGTH + 20] ^= 1;
    Files.write(file(), bytes);

    assertThat(JournalFile.read(file(), codec).damagedWithin()).isTrue();
    try (FileJournal journal = FileJournal.reopen(file(), codec)) {
      journal.append(Journaled.REQUESTED);
    }
    JournalFile read = JournalFile.read(file(), codec);
    assertThat(read.damagedWithin()).isTrue();
    assertThat(read.damage()).containsExactly("line 2 is damaged");
    assertThat(read.events()).hasSize(3);
  }

  @Test
  void aDamagedLineBreakCostsNeitherTheRecordBeforeItNorTheOneAfter() throws Exception {
    try (FileJournal journal = FileJournal.create(file(), codec)) {
      journal.append(Journaled.ARMED);
      journal.append(Journaled.SENT);
      journal.append(Journaled.REQUESTED);
    }
    String text = Files.readString(file());
    String[] lines = text.split("\n", -1);
    Files.writeString(file(), String.join("\n", lines[0], lines[1] + "#" + lines[2], lines[3], ""));

    JournalFile read = JournalFile.read(file(), codec);
    assertThat(read.events()).containsExactly(Journaled.ARMED, Journaled.SENT, Journaled.REQUESTED);
    assertThat(read.damage()).containsExactly("line 2 is damaged");

    Files.writeString(file(), String.join("\n", lines[0], lines[1], lines[2] + "#" + lines[3], ""));
    assertThat(JournalFile.read(file(), codec).events()).hasSize(3);
    Files.writeString(file(), String.join("\n", lines[0], "#" + lines[1] + "#", lines[2], ""));
    assertThat(JournalFile.read(file(), codec).events())
        .containsExactly(Journaled.ARMED, Journaled.SENT);
  }

  @Test
  void ofSeveralUnreadableLinesAtTheEndOnlyTheLastCanBeTornOff() throws Exception {
    try (FileJournal journal = FileJournal.create(file(), codec)) {
      journal.append(Journaled.ARMED);
    }
    String whole = Files.readString(file());

    Files.writeString(file(), whole + "damaged\n{\"seq\":3");
    JournalFile torn = JournalFile.read(file(), codec);
    assertThat(torn.damage()).containsExactly("line 3 is damaged", "line 4 is torn off");
    assertThat(torn.damagedWithin()).isTrue();
    assertThat(torn.tail().length()).isEqualTo(whole.length() + "damaged\n".length());

    Files.writeString(file(), whole + "damaged\ndamaged\n");
    JournalFile ended = JournalFile.read(file(), codec);
    assertThat(ended.damage()).containsExactly("line 3 is damaged", "line 4 is damaged");
    assertThat(ended.tail().torn()).isFalse();
  }

  private Path file() {
    return directory.resolve("journal.jsonl");
  }

  private FileChannel open() throws Exception {
    return FileChannel.open(
        file(), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
  }
}
