package dev.firebreak.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.firebreak.run.JournalException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EpochTest {
  private final NumberedCodec codec = new NumberedCodec();

  @TempDir private Path directory = Path.of("");

  @Test
  void eachProcessThatGoesOnHasAHigherEpochAndEveryLineSaysWhose() throws Exception {
    FileJournal.create(file(), codec).append(Journaled.ARMED);
    for (int recovery = 0; recovery < 2; recovery++) {
      try (FileJournal journal = FileJournal.reopen(file(), codec)) {
        journal.append(Journaled.REQUESTED);
      }
    }

    List<String> lines = Files.readAllLines(file());
    assertThat(lines).hasSize(4);
    assertThat(lines.get(0)).startsWith("{\"epoch\":         4,\"crc32c\":");
    assertThat(lines.get(1)).startsWith("{\"seq\":1,\"epoch\":1,\"crc32c\":");
    assertThat(lines.get(2)).startsWith("{\"seq\":2,\"epoch\":3,");
    assertThat(lines.get(3)).startsWith("{\"seq\":3,\"epoch\":4,");
    assertThat(JournalFile.read(file(), codec).tail().epoch()).isEqualTo(4);
  }

  @Test
  void aRunThatItsGuardFencedOffCanOnlyRollBack() throws Exception {
    try (FileJournal run = FileJournal.create(file(), codec)) {
      run.append(Journaled.ARMED);
      JournalFence.raise(file(), Epoch.GUARD);

      byte[] before = Files.readAllBytes(file());
      assertThatThrownBy(() -> run.append(Journaled.SENT))
          .isInstanceOf(JournalException.class)
          .hasMessageContaining("epoch 1 is over");
      assertThatThrownBy(() -> run.append(Journaled.ARMED)).isInstanceOf(JournalException.class);
      assertThat(Files.readAllBytes(file())).isEqualTo(before);

      run.append(Journaled.REQUESTED);
    }
    JournalFile read = JournalFile.read(file(), codec);
    assertThat(read.events()).containsExactly(Journaled.ARMED, Journaled.REQUESTED);
    assertThat(read.damage()).isEmpty();
  }

  @Test
  void aFenceIsNeverLowered() throws Exception {
    try (FileJournal run = FileJournal.create(file(), codec)) {
      JournalFence.raise(file(), Epoch.RECOVERY);
      JournalFence.raise(file(), Epoch.GUARD);

      assertThat(JournalFile.read(file(), codec).tail().epoch()).isEqualTo(Epoch.RECOVERY);
      assertThatThrownBy(() -> run.append(Journaled.ARMED)).isInstanceOf(JournalException.class);
    }
  }

  @Test
  void aRunWhoseFenceCannotBeReadInjectsNothing() throws Exception {
    try (FileJournal run = FileJournal.create(file(), codec)) {
      byte[] bytes = Files.readAllBytes(file());
      bytes[12] ^= 1;
      Files.write(file(), bytes);

      assertThatThrownBy(() -> run.append(Journaled.SENT)).isInstanceOf(JournalException.class);
    }
  }

  @Test
  void aWriterThatWakesUpAfterAnotherWentOnIsRefusedAndChangesNothing() throws Exception {
    FileJournal left = FileJournal.create(file(), codec);
    left.append(Journaled.ARMED);
    try (FileJournal journal = FileJournal.reopen(file(), codec)) {
      assertThatThrownBy(() -> left.append(Journaled.SENT)).isInstanceOf(JournalException.class);
      journal.append(Journaled.REQUESTED);
      assertThatThrownBy(() -> left.append(Journaled.REQUESTED))
          .isInstanceOf(JournalException.class)
          .hasMessageContaining("epoch 1 is over");
      left.close();
      journal.append(Journaled.REQUESTED);
    }

    JournalFile read = JournalFile.read(file(), codec);
    assertThat(read.damage()).isEmpty();
    assertThat(read.events())
        .containsExactly(Journaled.ARMED, Journaled.REQUESTED, Journaled.REQUESTED);
  }

  @Test
  void ofALineThatCameTooLateOnlyTheUndoRecordCounts() throws Exception {
    append(new JournalLine(1, 3, codec.encode(Journaled.REQUESTED)));
    append(new JournalLine(2, 1, codec.encode(Journaled.VERIFIED)));
    append(new JournalLine(3, 1, codec.encode(Journaled.ARMED)));
    append(new JournalLine(2, 3, codec.encode(Journaled.REQUESTED)));

    JournalFile read = JournalFile.read(file(), codec);
    assertThat(read.events())
        .containsExactly(Journaled.REQUESTED, Journaled.ARMED, Journaled.REQUESTED);
    assertThat(read.damage())
        .containsExactly("line 2 is of epoch 1, after 3", "line 3 is of epoch 1, after 3");
    assertThat(read.damagedWithin()).isTrue();
    assertThat(read.tail().nextSeq()).isEqualTo(3);
  }

  @Test
  void aJournalFromBeforeThereWereEpochsIsReadAndGoneOnWith() throws Exception {
    byte[] event = codec.encode(Journaled.ARMED);
    CRC32C crc = new CRC32C();
    crc.update("1:".getBytes(StandardCharsets.US_ASCII));
    crc.update(event);
    String head = "{\"seq\":1,\"crc32c\":\"%08x\",\"event\":".formatted(crc.getValue());
    Files.writeString(file(), head + new String(event, StandardCharsets.UTF_8) + "}\n\n\n");

    try (FileJournal journal = FileJournal.reopen(file(), codec)) {
      journal.append(Journaled.ARMED);
    }
    JournalFile read = JournalFile.read(file(), codec);
    assertThat(read.damage()).isEmpty();
    assertThat(read.events()).containsExactly(Journaled.ARMED, Journaled.ARMED);
    assertThat(read.tail().epoch()).isEqualTo(Epoch.RECOVERY);
  }

  @Test
  void whoGoesOnWritesBehindTheLastLineAndIntoTheRoomThatWasLeft() throws Exception {
    FileJournal left = FileJournal.create(file(), codec);
    left.append(Journaled.ARMED);
    long size = Files.size(file());
    long end = JournalFile.read(file(), codec).tail().length();
    assertThat(end).isLessThan(1024);

    FileJournal journal = FileJournal.reopen(file(), codec);
    journal.append(Journaled.REQUESTED);
    assertThat(Files.size(file())).isEqualTo(size);
    journal.close();
    assertThat(Files.readAllLines(file())).hasSize(3).noneMatch(String::isEmpty);
  }

  @Test
  void whatIsLeftOfALineTornByAPowerCutIsWiped() throws Exception {
    FileJournal left = FileJournal.create(file(), codec);
    left.append(Journaled.ARMED);
    byte[] bytes = Files.readAllBytes(file());
    int end = Math.toIntExact(JournalFile.read(file(), codec).tail().length());
    byte[] torn = ("{\"seq\":2,\"epoch\":1," + "x".repeat(500)).getBytes(StandardCharsets.UTF_8);
    System.arraycopy(torn, 0, bytes, end, torn.length);
    Files.write(file(), bytes);

    // Read before it is closed: who goes on may be killed as well.
    try (FileJournal journal = FileJournal.reopen(file(), codec)) {
      journal.append(Journaled.REQUESTED);
      JournalFile read = JournalFile.read(file(), codec);
      assertThat(read.damage()).isEmpty();
      assertThat(read.events()).containsExactly(Journaled.ARMED, Journaled.REQUESTED);
    }
  }

  private void append(JournalLine line) throws Exception {
    Files.write(file(), line.encode(), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  private Path file() {
    return directory.resolve("journal.jsonl");
  }
}
