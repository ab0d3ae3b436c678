package dev.fovea.core.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnpackDirectoryTest {
  private static final byte[] CONTENT = new byte[100_000];

  static {
    new Random(1).nextBytes(CONTENT);
  }

  @TempDir Path temp;

  @Test
  void onlyTheOwnerMayEnter() throws IOException {
    Path file = directory().shared(CONTENT);

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.getParent())))
        .isEqualTo("rwx------");
    assertThat(file).hasBinaryContent(CONTENT);
  }

  @Test
  void theFileIsSharedAndNotWrittenAgain() throws IOException {
    Path file = directory().shared(CONTENT);
    Object inode = Files.getAttribute(file, "unix:ino");

    assertThat(directory().shared(CONTENT)).isEqualTo(file);
    assertThat(Files.getAttribute(file, "unix:ino")).isEqualTo(inode);
    assertThat(directory().shared(new byte[] {1})).isNotEqualTo(file);
  }

  @Test
  void aFileOfOtherContentIsReplaced() throws IOException {
    Path file = directory().shared(CONTENT);
    Files.write(file, new byte[] {1, 2, 3}); // As a full disk would have left it.

    assertThat(directory().shared(CONTENT)).isEqualTo(file).hasBinaryContent(CONTENT);
  }

  @Test
  void manyMayUnpackAtOnce() throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(8);
    try {
      Callable<Path> unpack = () -> directory().shared(CONTENT);
      List<Path> files = new ArrayList<>();
      for (Future<Path> future : pool.invokeAll(Collections.nCopies(32, unpack))) {
        files.add(future.get());
      }

      assertThat(files).containsOnly(files.get(0));
      assertThat(files.get(0)).hasBinaryContent(CONTENT);
      try (Stream<Path> left = Files.list(files.get(0).getParent())) {
        assertThat(left).containsExactly(files.get(0));
      }
    } finally {
      pool.shutdown();
    }
  }

  @Test
  void aLinkIsNotFollowed() throws IOException {
    Path elsewhere = Files.createDirectory(temp.resolve("elsewhere"));
    Files.createSymbolicLink(path(), elsewhere);

    assertThatThrownBy(() -> directory().shared(CONTENT))
        .isExactlyInstanceOf(IOException.class)
        .hasMessage("expected a directory. Received: a file or a link.");
    assertThat(elsewhere).isEmptyDirectory();
  }

  @Test
  void aDirectoryOpenToOthersIsRefused() throws IOException {
    Files.createDirectory(path());
    Files.setPosixFilePermissions(path(), PosixFilePermissions.fromString("rwxr-x---"));

    assertThatThrownBy(() -> directory().shared(CONTENT))
        .isExactlyInstanceOf(IOException.class)
        .hasMessage("expected permissions rwx------. Received: rwxr-x---.");
  }

  @Test
  void aDirectoryOfAnotherUserIsRefused() throws IOException {
    String user = Files.getOwner(temp).getName();
    assumeTrue(user.equals("root"), "only root can make a directory of another user");
    Files.createDirectory(
        path(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    Files.setOwner(
        path(),
        path().getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("nobody"));

    assertThatThrownBy(() -> directory().shared(CONTENT))
        .isExactlyInstanceOf(IOException.class)
        .hasMessage("expected a directory of user root. Received: one of nobody.");
  }

  @Test
  void theSettingOfTheUserComesFirst() {
    String before = System.getProperty("fovea.native.dir");
    System.setProperty("fovea.native.dir", temp.toString());
    System.setProperty("spark.local.dir", temp + "," + temp.resolve("second"));
    try {
      List<String> all = UnpackDirectory.all().stream().map(UnpackDirectory::toString).toList();

      assertThat(all.get(0)).isEqualTo(path() + " (fovea.native.dir)");
      assertThat(all.get(1))
          .startsWith(System.getProperty("java.io.tmpdir"))
          .endsWith("(java.io.tmpdir)");
      assertThat(all)
          .contains(temp.resolve("second").resolve(path().getFileName()) + " (spark.local.dir)")
          .doesNotContain(path() + " (spark.local.dir)")
          .contains(Path.of("").toAbsolutePath().resolve(path().getFileName()) + " (user.dir)");
    } finally {
      System.clearProperty("spark.local.dir");
      if (before == null) {
        System.clearProperty("fovea.native.dir");
      } else {
        System.setProperty("fovea.native.dir", before);
      }
    }
  }

  private UnpackDirectory directory() {
    return new UnpackDirectory(temp, "test");
  }

  private Path path() {
    return temp.resolve("fovea-native-" + System.getProperty("user.name"));
  }
}
