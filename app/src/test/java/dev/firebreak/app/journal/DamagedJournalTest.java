package dev.firebreak.app.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.fault.FaultDescription;
import dev.firebreak.fault.FaultId;
import dev.firebreak.fault.FaultInjector;
import dev.firebreak.fault.FaultKind;
import dev.firebreak.fault.FaultPlan;
import dev.firebreak.fault.FaultRequest;
import dev.firebreak.fault.Injectors;
import dev.firebreak.fault.Observation;
import dev.firebreak.fault.Undo;
import dev.firebreak.journal.EventCodec;
import dev.firebreak.journal.FileJournal;
import dev.firebreak.journal.JournalFile;
import dev.firebreak.run.JournalException;
import dev.firebreak.run.RecordingJournal;
import dev.firebreak.run.Rollback;
import dev.firebreak.run.RunEvent;
import dev.firebreak.run.RunEvent.FaultArmed;
import dev.firebreak.run.SimulatedLoop;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A journal of 200 records, cut at every byte and with every bit flipped. */
class DamagedJournalTest {
  private static final int RECORDS = 200;

  /** A damaged record can be confused with its neighbours at most. */
  private static final int NEIGHBOURS = 1;

  private static final EventCodec CODEC = new RememberingCodec();
  private static byte[] bytes = {};

  /** Where each record begins, and behind them the length. */
  private static final List<Integer> STARTS = new ArrayList<>();

  private static final List<RunEvent> EVENTS = new ArrayList<>();

  @BeforeAll
  static void write(@TempDir Path directory) throws Exception {
    Path file = directory.resolve("journal.jsonl");
    List<RunEvent> samples = SampleEvents.ofEveryType();
    try (FileJournal journal = FileJournal.create(file, CODEC)) {
      for (int n = 1; n <= RECORDS; n++) {
        RunEvent event = n % 4 == 0 ? SampleEvents.armed(n) : samples.get(n % samples.size());
        EVENTS.add(event);
        journal.append(event);
      }
    }
    bytes = Files.readAllBytes(file);
    // The first line is no record, and ends where the first record begins.
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == '\n') {
        STARTS.add(i + 1);
      }
    }
    assertThat(STARTS).hasSize(RECORDS + 1);
  }

  @Test
  void aWholeJournalGivesAllItsRecordsAndNoDamage() {
    JournalFile read = JournalFile.parse(bytes, CODEC);

    assertThat(read.events()).isEqualTo(EVENTS);
    assertThat(read.damage()).isEmpty();
  }

  /**
   * What one cut or one bit costs is shown for every one of them by the tests below; here each
   * record is the damaged one in turn, and what is left is rolled back as guard and recovery do.
   */
  @Test
  void whicheverRecordIsCutOrDamagedTheUndoOfEveryOtherIsExecutedAndVerified() {
    int executed = 0;
    for (int record = 0; record <= RECORDS; record++) {
      executed += assertExecuted(Arrays.copyOf(bytes, STARTS.get(record)), record, -1);
      if (record < RECORDS) {
        byte[] flipped = bytes.clone();
        flipped[(STARTS.get(record) + STARTS.get(record + 1)) / 2] ^= 1;
        executed += assertExecuted(flipped, RECORDS, record);
      }
    }
    System.out.printf(
        "damaged journals: %d cut, %d with a flipped bit, %d undos executed and verified%n",
        RECORDS + 1, RECORDS, executed);
  }

  private static int assertExecuted(byte[] damaged, int whole, int lost) {
    SimulatedLoop loop = new SimulatedLoop(Instant.EPOCH);
    Undone undone = new Undone();
    Rollback rollback = new Rollback(loop, new Injectors(List.of(undone)), new RecordingJournal());
    rollback.take(armed(JournalFile.parse(damaged, CODEC).events()));
    while (!rollback.settled()) {
      rollback.advance();
      loop.next(rollback.dueNanos());
    }
    List<RunEvent> intact = new ArrayList<>(EVENTS.subList(0, whole));
    if (lost >= 0) {
      intact.remove(lost);
    }
    assertThat(undone.faults).containsExactlyInAnyOrderElementsOf(ids(armed(intact)));
    assertThat(rollback.unverified()).isEmpty();
    return undone.faults.size();
  }

  private static List<FaultArmed> armed(List<RunEvent> events) {
    return events.stream()
        .filter(FaultArmed.class::isInstance)
        .map(FaultArmed.class::cast)
        .toList();
  }

  private static List<FaultId> ids(List<FaultArmed> armed) {
    return armed.stream().map(FaultArmed::fault).distinct().toList();
  }

  @Test
  void cutAtAnyByteItGivesEveryRecordBeforeTheCut() {
    for (int cut = STARTS.get(0); cut <= bytes.length; cut++) {
      // All but the last records before the cut are read by another cut already.
      int whole = recordAt(cut);
      int from = Math.max(0, whole - NEIGHBOURS);
      JournalFile read = JournalFile.parse(Arrays.copyOfRange(bytes, STARTS.get(from), cut), CODEC);
      // Also when nothing but the line break is missing, the record is whole.
      boolean onlyBreakMissing = whole < RECORDS && cut == STARTS.get(whole + 1) - 1;
      int last = onlyBreakMissing ? whole + 1 : whole;
      if (!read.events().equals(EVENTS.subList(from, last))) {
        assertThat(read.events()).as("cut at %d", cut).isEqualTo(EVENTS.subList(from, last));
      }
      boolean betweenRecords = cut == STARTS.get(whole);
      boolean told = read.damage().stream().anyMatch(line -> !line.contains("has number"));
      if (told == betweenRecords) {
        throw new AssertionError("cut at %d, and it says %s".formatted(cut, read.damage()));
      }
    }
    System.out.printf("journal of %d records cut at %d bytes%n", RECORDS, bytes.length + 1);
  }

  @Test
  void whereverTheFirstLineIsCutOrDamagedNoRecordIsLost() {
    byte[] part = Arrays.copyOf(bytes, STARTS.get(2));
    for (int cut = 0; cut < STARTS.get(0); cut++) {
      assertThat(JournalFile.parse(Arrays.copyOf(part, cut), CODEC).events()).isEmpty();
    }
    for (int bit = 0; bit < 8 * STARTS.get(0); bit++) {
      part[bit / 8] ^= (byte) (1 << (bit % 8));
      check(part, 0, 2, -1);
      part[bit / 8] ^= (byte) (1 << (bit % 8));
    }
  }

  @Test
  void withAnyBitFlippedEveryIntactUndoRecordIsRead() {
    for (int record = 0; record < RECORDS; record++) {
      int from = Math.max(0, record - NEIGHBOURS);
      int to = Math.min(RECORDS, record + 1 + NEIGHBOURS);
      byte[] part = Arrays.copyOfRange(bytes, STARTS.get(from), STARTS.get(to));
      int start = STARTS.get(record) - STARTS.get(from);
      int end = STARTS.get(record + 1) - STARTS.get(from);
      for (int bit = 8 * start; bit < 8 * end; bit++) {
        part[bit / 8] ^= (byte) (1 << (bit % 8));
        boolean lineBreak = bit / 8 == end - 1;
        check(part, from, to, lineBreak ? -1 : record);
        part[bit / 8] ^= (byte) (1 << (bit % 8));
      }
    }
    System.out.printf("journal of %d records with %d bits flipped%n", RECORDS, 8L * bytes.length);
  }

  private static void check(byte[] part, int from, int to, int damaged) {
    JournalFile read = JournalFile.parse(part, CODEC);
    List<RunEvent> expected = new ArrayList<>(EVENTS.subList(from, to));
    if (damaged >= 0) {
      expected.remove(damaged - from);
    }
    if (!read.events().equals(expected)) {
      assertThat(read.events()).isEqualTo(expected);
    }
    if (read.damage().isEmpty()) {
      throw new AssertionError("damage of record " + damaged + " is not told");
    }
  }

  /** The same over the whole file, for a sample of the bits: nothing far away is touched. */
  @Test
  void damageInOnePlaceCostsNothingInAnother() {
    for (int bit = 0; bit < 8 * bytes.length; bit += 1_009) {
      byte[] flipped = bytes.clone();
      flipped[bit / 8] ^= (byte) (1 << (bit % 8));
      int damaged = recordAt(bit / 8);
      List<FaultId> undos =
          JournalFile.parse(flipped, CODEC).events().stream()
              .filter(FaultArmed.class::isInstance)
              .map(event -> ((FaultArmed) event).fault())
              .toList();
      List<FaultId> intact = new ArrayList<>();
      for (int i = 0; i < RECORDS; i++) {
        if (i != damaged && EVENTS.get(i) instanceof FaultArmed armed) {
          intact.add(armed.fault());
        }
      }
      assertThat(undos).containsAll(intact);
    }
  }

  /** The record that the byte belongs to. */
  private static int recordAt(int position) {
    int record = 0;
    while (record < RECORDS && STARTS.get(record + 1) <= position) {
      record++;
    }
    return record;
  }

  /**
   * The real codec; what it has read once it need not read again, so that all bits can be tried.
   */
  private static final class RememberingCodec implements EventCodec {
    private final JsonEventCodec codec = new JsonEventCodec();
    private final Map<ByteBuffer, RunEvent> known = new HashMap<>();

    @Override
    public byte[] encode(RunEvent event) throws JournalException {
      return codec.encode(event);
    }

    @Override
    public RunEvent decode(byte[] bytes) throws JournalException {
      RunEvent event = known.get(ByteBuffer.wrap(bytes));
      if (event == null) {
        event = codec.decode(bytes);
        known.put(ByteBuffer.wrap(bytes), event);
      }
      return event;
    }
  }

  /** Undoes what it is asked to, and remembers. */
  private static final class Undone implements FaultInjector {
    private final Set<FaultId> faults = new HashSet<>();

    @Override
    public List<FaultDescription> faults() {
      FaultKind kind = SampleEvents.armed(1).kind();
      return List.of(new FaultDescription(kind, "a sample", List.of(), List.of(), true));
    }

    @Override
    public FaultPlan plan(FaultId id, FaultRequest request) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Undo arm(FaultPlan plan) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void start(FaultPlan plan, Undo undo) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void rollBack(Undo undo) {
      faults.add(undo.id());
    }

    @Override
    public Observation look(Undo undo) {
      return faults.contains(undo.id()) ? Observation.gone("undone") : Observation.present("up");
    }
  }
}
