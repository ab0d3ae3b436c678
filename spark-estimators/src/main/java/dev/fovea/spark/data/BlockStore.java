package dev.fovea.spark.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.apache.spark.storage.StorageUtils;

/**
 * Memory outside the heap up to a limit, mapped files beyond it; all of it freed by {@link #close},
 * not by the garbage collector. A full block that finds no room is written first and mapped then,
 * read only, so that a full disk is an exception and not a fault of the JVM. Not thread safe.
 */
final class BlockStore implements AutoCloseable {
  private final RowMemory shared;
  private final long limit;
  private final List<Path> directories;
  private final Set<ByteBuffer> memory = Collections.newSetFromMap(new IdentityHashMap<>());
  private final List<ByteBuffer> mapped = new ArrayList<>();
  private final List<Path> files = new ArrayList<>();
  private long memoryBytes;
  private long fileBytes;

  /**
   * @param shared what this store and others hold together
   * @param limit of that, from which on this one writes to files
   */
  BlockStore(RowMemory shared, long limit, List<Path> directories) {
    this.shared = shared;
    this.limit = limit;
    this.directories = List.copyOf(directories);
  }

  long memoryBytes() {
    return memoryBytes;
  }

  long fileBytes() {
    return fileBytes;
  }

  /** A buffer to fill. */
  ByteBuffer allocate(int bytes) {
    ByteBuffer buffer = ByteBuffer.allocateDirect(bytes);
    memory.add(buffer);
    count(bytes);
    return buffer;
  }

  void free(ByteBuffer buffer) {
    if (memory.remove(buffer)) {
      count(-buffer.capacity());
      StorageUtils.dispose(buffer);
    }
  }

  /** True if so many bytes more stay within the limit. */
  boolean hasRoom(int bytes) {
    return shared.hasRoom(bytes, limit);
  }

  /** Writes the buffer, from position to limit, to a file, and gives the file as memory. */
  ByteBuffer write(ByteBuffer full) {
    int bytes = full.remaining();
    try {
      return writeTo(newFile(), full);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "Row cache: expected to write %d bytes to %s. Received: %s."
              .formatted(bytes, directories, e),
          e);
    }
  }

  private Path newFile() throws IOException {
    Path directory = directories.get(files.size() % directories.size());
    Files.createDirectories(directory);
    Path file = Files.createTempFile(directory, "fovea-rows-", ".block");
    files.add(file);
    return file;
  }

  private ByteBuffer writeTo(Path file, ByteBuffer full) throws IOException {
    int bytes = full.remaining();
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      while (full.hasRemaining()) {
        channel.write(full);
      }
      ByteBuffer map = channel.map(FileChannel.MapMode.READ_ONLY, 0, bytes);
      mapped.add(map);
      fileBytes += bytes;
      return map;
    }
  }

  @Override
  public void close() {
    memory.forEach(StorageUtils::dispose);
    memory.clear();
    mapped.forEach(StorageUtils::dispose);
    mapped.clear();
    count(-memoryBytes);
    fileBytes = 0;
    for (Path file : files) {
      try {
        Files.deleteIfExists(file);
      } catch (IOException e) {
        throw new UncheckedIOException("Row cache: cannot delete " + file + ".", e);
      }
    }
    files.clear();
  }

  private void count(long change) {
    memoryBytes += change;
    shared.add(change);
  }
}
