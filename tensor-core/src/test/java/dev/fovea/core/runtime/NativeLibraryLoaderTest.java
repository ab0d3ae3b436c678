package dev.fovea.core.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NativeLibraryLoaderTest {
  private static final String HASH = "cf47fbbbdfeb4e89db02af687a5d21f9"; // SHA-256 of the content.
  private static final byte[] CONTENT = libraryWithoutCode();
  private static final String INFO = "version 0.1.0\ntarget avx2\ntargets avx2,reference\n";
  private static final String HELP =
      "\n"
          + "Set -Dfovea.native.dir (for executors in spark.executor.extraJavaOptions) to a"
          + " directory that this user may write and that is not mounted noexec. The library needs"
          + " glibc: on Alpine Linux install gcompat.";

  @TempDir Path temp;

  @Test
  void theFirstDirectoryThatWorksIsTaken() throws IOException {
    FakeLinker linker = new FakeLinker(file -> true, INFO);

    LibraryInfo info = loader(linker, "a", "b").load();

    assertThat(info.target()).isEqualTo("avx2");
    assertThat(linker.loaded).containsExactly(unpacked("a"));
    assertThat(unpacked("a")).hasBinaryContent(CONTENT);
    assertThat(temp.resolve("b")).isEmptyDirectory();
  }

  @Test
  void aDirectoryMountedNoexecIsPassedOver() throws IOException {
    FakeLinker linker = new FakeLinker(file -> !file.startsWith(temp.resolve("a")), INFO);

    loader(linker, "a", "b").load();

    assertThat(linker.loaded).containsExactly(unpacked("b"));
    assertThat(temp.resolve("a").resolve(userDirectory()))
        .isDirectoryNotContaining(FakeLinker::isCopy);
  }

  @Test
  void aFileThatAnotherClassLoaderHasLoadedIsLoadedAsACopy() throws IOException {
    FakeLinker linker = new FakeLinker(FakeLinker::isCopy, INFO);

    loader(linker, "a", "b").load();

    assertThat(linker.loaded).hasSize(1).allMatch(file -> file.startsWith(temp.resolve("a")));
    assertThat(linker.loaded.get(0)).doesNotExist();
    assertThat(unpacked("a")).exists();
  }

  @Test
  void aDirectoryThatIsAFileIsPassedOver() throws IOException {
    NativeLibraryLoader loader = loader(new FakeLinker(file -> true, INFO), "a", "b");
    Files.delete(temp.resolve("a"));
    Files.writeString(temp.resolve("a"), "");

    assertThat(loader.load().version()).isEqualTo("0.1.0");
    assertThat(unpacked("b")).exists();
  }

  @Test
  void aLibraryThatCannotBeLoadedIsReportedForEveryDirectory() throws IOException {
    NativeLibraryLoader real = NativeLibraryLoader.forThisJvm();
    NativeLibraryLoader loader =
        new NativeLibraryLoader(
            "Linux", "amd64", path -> content(), directories("a", "b", "c", "d"), real.linker());
    Files.delete(temp.resolve("b"));
    Files.writeString(temp.resolve("b"), "");
    Files.delete(temp.resolve("c"));
    Files.createDirectory(temp.resolve("d").resolve(userDirectory()));
    Files.setPosixFilePermissions(
        temp.resolve("d").resolve(userDirectory()), PosixFilePermissions.fromString("rwxrwxrwx"));

    assertThatThrownBy(loader::load)
        .isExactlyInstanceOf(NativeLibraryException.class)
        .hasMessage(
            "Native library fovea_tensorcore: expected a directory where it can be unpacked and"
                + " loaded. Received: none (os Linux, arch amd64), tried\n"
                + "  %1$s/a/%2$s (setting a): %3$s: %3$s: object file has no loadable segments\n"
                + "  %1$s/b/%2$s (setting b): FileSystemException %1$s/b/%2$s: Not a directory\n"
                + "  %1$s/c/%2$s (setting c): NoSuchFileException %1$s/c/%2$s\n"
                + "  %1$s/d/%2$s (setting d): expected permissions rwx------. Received: rwxrwxrwx."
                + HELP,
            temp,
            userDirectory(),
            unpacked("a"));
  }

  @Test
  void aMissingResourceIsReported() {
    NativeLibraryLoader loader =
        new NativeLibraryLoader(
            "Linux", "x86_64", path -> null, List.of(), new FakeLinker(file -> true, INFO));

    assertThatThrownBy(loader::load)
        .isExactlyInstanceOf(NativeLibraryException.class)
        .hasMessage(
            "Native library fovea_tensorcore: expected"
                + " META-INF/native/linux-x86_64/libfovea_tensorcore.so on the class path."
                + " Received: no such resource (os Linux, arch x86_64). Add the jar"
                + " dev.fovea:native to the class path.");
  }

  @Test
  void aResourceThatCannotBeReadIsReported() {
    NativeLibraryLoader loader =
        new NativeLibraryLoader(
            "Linux",
            "amd64",
            path -> {
              throw new IOException("invalid LOC header");
            },
            List.of(),
            new FakeLinker(file -> true, INFO));

    assertThatThrownBy(loader::load)
        .isExactlyInstanceOf(NativeLibraryException.class)
        .hasRootCauseExactlyInstanceOf(IOException.class)
        .hasMessage(
            "Native library fovea_tensorcore: expected to read"
                + " META-INF/native/linux-x86_64/libfovea_tensorcore.so on the class path."
                + " Received: invalid LOC header. Replace the jar dev.fovea:native.");
  }

  @Test
  void anotherPlatformIsReported() {
    assertThatThrownBy(() -> onPlatform("Windows 11", "amd64").load())
        .isExactlyInstanceOf(NativeLibraryException.class)
        .hasMessage(
            "Native library fovea_tensorcore: expected Linux on x86_64. Received: os Windows 11,"
                + " arch amd64. Run on Linux x86_64: no other platform is supported.");
    assertThatThrownBy(() -> onPlatform("Linux", "aarch64").load())
        .hasMessage(
            "Native library fovea_tensorcore: expected Linux on x86_64. Received: os Linux, arch"
                + " aarch64. Run on Linux x86_64: no other platform is supported.");
  }

  @Test
  void aLibraryOfAnotherVersionIsReported() throws IOException {
    FakeLinker linker = new FakeLinker(file -> true, INFO.replace("0.1.0", "0.0.9"));

    assertThatThrownBy(loader(linker, "a")::load)
        .isExactlyInstanceOf(NativeLibraryException.class)
        .hasMessage(
            "Native library fovea_tensorcore: expected version 0.1.0. Received: 0.0.9 (%s). Put the"
                + " jars of one version of Fovea on the class path.",
            unpacked("a"));
  }

  private NativeLibraryLoader loader(FakeLinker linker, String... names) throws IOException {
    return new NativeLibraryLoader("Linux", "amd64", path -> content(), directories(names), linker);
  }

  private static NativeLibraryLoader onPlatform(String os, String arch) {
    return new NativeLibraryLoader(
        os, arch, path -> content(), List.of(), new FakeLinker(file -> true, INFO));
  }

  private List<UnpackDirectory> directories(String... names) throws IOException {
    List<UnpackDirectory> directories = new ArrayList<>();
    for (String name : names) {
      directories.add(
          new UnpackDirectory(Files.createDirectory(temp.resolve(name)), "setting " + name));
    }
    return directories;
  }

  private Path unpacked(String directory) {
    return temp.resolve(directory)
        .resolve(userDirectory())
        .resolve("fovea_tensorcore-" + HASH + ".so");
  }

  private static String userDirectory() {
    return "fovea-native-" + System.getProperty("user.name");
  }

  /** An ELF header, and a program header that only says that the stack is not executable. */
  private static byte[] libraryWithoutCode() {
    ByteBuffer elf = ByteBuffer.allocate(64 + 56).order(ByteOrder.LITTLE_ENDIAN);
    elf.put(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1}); // 64 bits, little-endian.
    elf.putShort(16, (short) 3).putShort(18, (short) 62).putInt(20, 1); // Shared, x86_64.
    elf.putLong(32, 64); // Where the program headers begin.
    elf.putShort(52, (short) 64).putShort(54, (short) 56).putShort(56, (short) 1);
    elf.putInt(64, 0x6474e551).putInt(68, 6).putLong(64 + 48, 16); // GNU_STACK, read and write.
    return elf.array();
  }

  private static InputStream content() {
    return new ByteArrayInputStream(CONTENT);
  }

  /** Loads the files it likes, and refuses the others as a file system without exec does. */
  private static final class FakeLinker implements NativeLibraryLoader.Linker {
    private final Predicate<Path> likes;
    private final String info;
    private final List<Path> loaded = new ArrayList<>();

    FakeLinker(Predicate<Path> likes, String info) {
      this.likes = likes;
      this.info = info;
    }

    static boolean isCopy(Path file) {
      return !file.getFileName().toString().contains(HASH);
    }

    @Override
    public void load(Path file) {
      if (!likes.test(file)) {
        throw new UnsatisfiedLinkError(
            file + ": failed to map segment from shared object: Operation not permitted");
      }
      loaded.add(file);
    }

    @Override
    public String libraryInfo() {
      return info;
    }
  }
}
