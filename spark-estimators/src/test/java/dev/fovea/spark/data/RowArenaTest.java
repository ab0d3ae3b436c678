package dev.fovea.spark.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fovea.core.exchange.ShardMap;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RowArenaTest {
  private static final int BYTES = 12;
  private static final int MEGABYTE = 1 << 20;

  @TempDir Path directory;
  private final RowMemory memory = new RowMemory();

  @Test
  void rowsLieInTheOrderOfTheirKeysWhateverTheOrderOfArrival() {
    List<Long> ids =
        new ArrayList<>(LongStream.range(0, 1000).map(i -> (i * i) << 20).boxed().toList());
    Collections.shuffle(ids, new Random(1));
    try (RowArena arena = arena(Long.MAX_VALUE)) {
      ids.forEach(id -> arena.add(id, record(id)));
      arena.seal();

      Collections.sort(ids);
      assertThat(arena.training().count()).isEqualTo(1000);
      for (int row = 0; row < ids.size(); row++) {
        assertThat(read(arena.training(), row)).isEqualTo(record(ids.get(row)));
      }
    }
  }

  @Test
  void trainingAndValidationRowsAreApart() {
    try (RowArena arena = arena(Long.MAX_VALUE)) {
      for (long id = 0; id < 10; id++) {
        arena.add(id % 3 == 0 ? ~id : id, record(id));
      }
      arena.seal();

      assertThat(arena.training().count()).isEqualTo(6);
      assertThat(arena.validation().count()).isEqualTo(4);
      assertThat(read(arena.training(), 1)).isEqualTo(record(2));
      assertThat(read(arena.validation(), 1)).isEqualTo(record(3));
    }
  }

  @Test
  void rowsAreCountedByShard() {
    try (RowArena arena = arena(Long.MAX_VALUE)) {
      for (long id = 0; id < 1000; id++) {
        arena.add(RowKey.of(id, id % 10 == 0), record(id));
      }
      arena.seal();

      List<Long> rows = arena.training().rowsOfShards();
      assertThat(rows).hasSize(ShardMap.SHARDS).allMatch(count -> count > 0);
      assertThat(rows.stream().mapToLong(Long::longValue).sum()).isEqualTo(900);
    }
  }

  @Test
  void littleDataTakesLittleMemory() {
    try (RowArena arena = arena(Long.MAX_VALUE)) {
      arena.add(0, record(0));

      assertThat(arena.memoryBytes()).isEqualTo(64 * BYTES);
    }
  }

  @Test
  void rowsBeyondTheBudgetAreInFilesUntilTheArenaIsClosed() throws IOException {
    int rows = 210; // of 1 MB: three full blocks of 64 MB and some more
    try (RowArena arena = new RowArena(MEGABYTE, memory, 100 * (long) MEGABYTE, directories())) {
      for (int id = rows - 1; id >= 0; id--) {
        arena.add(id, large(id));
      }
      arena.seal();

      assertThat(arena.fileBytes()).isEqualTo(3 * 64L * MEGABYTE);
      assertThat(arena.memoryBytes()).isEqualTo(64L * MEGABYTE);
      assertThat(files()).hasSize(3);
      assertThat(files().stream().map(Path::getParent)).containsAll(directories());
      for (int row = 0; row < rows; row += 19) {
        ByteBuffer dst = ByteBuffer.allocate(MEGABYTE);
        arena.training().copy(row, dst, 0);
        assertThat(dst.array()).as("row %d", row).isEqualTo(large(row));
      }
    }
    assertThat(files()).isEmpty();
  }

  @Test
  void arenasOfAnExecutorShareItsMemory() {
    int block = 64; // rows of 1 MB
    long limit = 130L * MEGABYTE;
    try (RowArena first = new RowArena(MEGABYTE, memory, limit, directories())) {
      fill(first, block);
      try (RowArena second = new RowArena(MEGABYTE, memory, limit, directories())) {
        fill(second, 2 * block);

        assertThat(first.memoryBytes()).isEqualTo(64L * MEGABYTE);
        assertThat(second.fileBytes()).as("the first has half of it").isEqualTo(64L * MEGABYTE);
      }
    }
    try (RowArena alone = new RowArena(MEGABYTE, memory, limit, directories())) {
      fill(alone, 2 * block);
      assertThat(alone.fileBytes()).as("closed arenas gave theirs back").isZero();
    }
  }

  @Test
  void aDirectoryThatCannotBeWrittenIsNamed() throws IOException {
    Path file = Files.createFile(directory.resolve("file"));
    try (RowArena arena = new RowArena(MEGABYTE, memory, 0, List.of(file))) {
      assertThatThrownBy(
              () -> {
                for (int id = 0; id < 70; id++) {
                  arena.add(id, large(id));
                }
              })
          .hasMessage(
              "Row cache: expected to write 67108864 bytes to [%s]. Received:"
                  + " java.nio.file.FileAlreadyExistsException: %s.",
              file, file);
    }
  }

  @Test
  void aKeyOfTwoRowsIsAMistake() {
    try (RowArena arena = arena(Long.MAX_VALUE)) {
      arena.add(7, record(7));
      arena.add(3, record(3));
      arena.add(7, record(7));

      assertThatThrownBy(arena::seal)
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("Rows: expected a key of its own for each. Received: 7 twice.");
    }
  }

  @Test
  void aRecordOfAnotherSizeIsAMistake() {
    try (RowArena arena = arena(Long.MAX_VALUE)) {
      assertThatThrownBy(() -> arena.add(7, new byte[11]))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("Row of key 7: expected a record of 12 bytes. Received: 11.");
    }
  }

  @Test
  void closingTwiceIsSafeAndLeavesNoRows() {
    RowArena arena = arena(Long.MAX_VALUE);
    arena.add(0, record(0));
    arena.seal();
    arena.close();
    arena.close();

    assertThat(arena.memoryBytes()).isZero();
    assertThat(arena.training().count()).isZero();
    assertThatThrownBy(() -> read(arena.training(), 0))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void aReaderPutsRowsSideBySide() {
    try (RowArena arena = arena(Long.MAX_VALUE)) {
      for (long id = 0; id < 5; id++) {
        arena.add(id, record(id));
      }
      arena.seal();
      BatchReader reader = new BatchReader(arena.training(), 3);

      ByteBuffer chosen = reader.read(new int[] {4, 0, 2});
      assertThat(chosen.isDirect()).isTrue();
      assertThat(Stream.of(0, 1, 2).map(i -> chosen.getLong(i * BYTES)).toList())
          .isEqualTo(Stream.of(4L, 0L, 2L).map(Long::reverseBytes).toList());
      ByteBuffer consecutive = reader.read(1, 2);
      assertThat(consecutive.getLong(BYTES)).isEqualTo(Long.reverseBytes(2));
    }
  }

  private static void fill(RowArena arena, int rows) {
    for (int id = 0; id < rows; id++) {
      arena.add(id, large(id));
    }
    arena.seal();
  }

  private RowArena arena(long memoryBytes) {
    return new RowArena(BYTES, memory, memoryBytes, directories());
  }

  private List<Path> directories() {
    return List.of(directory.resolve("one"), directory.resolve("two"));
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      return all.filter(Files::isRegularFile).toList();
    }
  }

  private static byte[] read(RecordSection rows, int row) {
    ByteBuffer dst = ByteBuffer.allocate(2 * BYTES);
    rows.copy(row, dst, 1);
    byte[] record = new byte[BYTES];
    dst.position(BYTES).get(record);
    return record;
  }

  private static byte[] record(long id) {
    return ByteBuffer.allocate(BYTES).putLong(id).array();
  }

  private static byte[] large(int id) {
    byte[] record = new byte[MEGABYTE];
    for (int at = 0; at < record.length; at += 4096) {
      record[at] = (byte) (id + (at >> 12));
    }
    return record;
  }
}
