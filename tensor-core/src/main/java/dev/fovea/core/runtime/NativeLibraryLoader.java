package dev.fovea.core.runtime;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * Finds the library on the class path, and tries one directory after the other until it can be
 * unpacked and loaded there: a temporary directory may be read-only, full or mounted {@code
 * noexec}. Everything it touches is given to it, so that tests can break each part.
 *
 * @param os as in the system property {@code os.name}
 * @param arch as in {@code os.arch}
 * @param directories the directories to try, in order
 */
record NativeLibraryLoader(
    String os,
    String arch,
    Resources resources,
    Collection<UnpackDirectory> directories,
    Linker linker) {

  static final String RESOURCE = "META-INF/native/linux-x86_64/libfovea_tensorcore.so";
  private static final String WHERE = "Native library fovea_tensorcore: ";

  /** The class path. */
  interface Resources {
    /** The content of a resource; null where there is none. */
    InputStream open(String path) throws IOException;
  }

  /** The two steps that touch the JVM. */
  interface Linker {
    /** Throws {@link UnsatisfiedLinkError} where the file cannot be loaded. */
    void load(Path file);

    String libraryInfo();
  }

  static NativeLibraryLoader forThisJvm() {
    return new NativeLibraryLoader(
        System.getProperty("os.name"),
        System.getProperty("os.arch"),
        path -> NativeLibrary.class.getClassLoader().getResourceAsStream(path),
        UnpackDirectory.all(),
        new JvmLinker());
  }

  /**
   * Unpacks, loads and checks the library.
   *
   * @throws NativeLibraryException saying what was tried and what to do
   */
  LibraryInfo load() {
    if (!os.equals("Linux") || !Set.of("amd64", "x86_64").contains(arch)) {
      throw new NativeLibraryException(
          WHERE
              + "expected Linux on x86_64. Received: "
              + system()
              + ". Run on Linux x86_64: no other platform is supported.");
    }
    byte[] content = read();
    List<String> failures = new ArrayList<>();
    for (UnpackDirectory directory : directories) {
      try {
        Path file = load(directory, content);
        return checked(LibraryInfo.parse(linker.libraryInfo()), file);
      } catch (IOException | UnsatisfiedLinkError e) {
        failures.add("  " + directory + ": " + reason(e));
      }
    }
    throw new NativeLibraryException(
        WHERE
            + "expected a directory where it can be unpacked and loaded. Received: none ("
            + system()
            + "), tried\n"
            + String.join("\n", failures)
            + "\n"
            + "Set -Dfovea.native.dir (for executors in spark.executor.extraJavaOptions) to a"
            + " directory that this user may write and that is not mounted noexec. The library"
            + " needs glibc: on Alpine Linux install gcompat.");
  }

  /**
   * Loads the library from the directory. A JVM refuses a file that another of its class loaders
   * has loaded (a notebook that attaches the jar again), so a refused file is tried again as a
   * copy.
   */
  private Path load(UnpackDirectory directory, byte[] content) throws IOException {
    Path file = directory.shared(content);
    try {
      linker.load(file);
      return file;
    } catch (UnsatisfiedLinkError refused) {
      Path copy = directory.copy(content);
      try {
        linker.load(copy);
        return copy;
      } catch (UnsatisfiedLinkError again) {
        refused.addSuppressed(again);
        throw refused;
      } finally {
        UnpackDirectory.delete(copy); // Linux keeps a loaded file until it is unmapped.
      }
    }
  }

  private static LibraryInfo checked(LibraryInfo info, Path file) {
    if (!info.version().equals(NativeLibrary.EXPECTED_VERSION)) {
      throw new NativeLibraryException(
          WHERE
              + "expected version "
              + NativeLibrary.EXPECTED_VERSION
              + ". Received: "
              + info.version()
              + " ("
              + file
              + "). Put the jars of one version of Fovea on the class path.");
    }
    return info;
  }

  private byte[] read() {
    try (InputStream stream = resources.open(RESOURCE)) {
      if (stream == null) {
        throw new NativeLibraryException(
            WHERE
                + "expected "
                + RESOURCE
                + " on the class path. Received: no such resource ("
                + system()
                + "). Add the jar dev.fovea:native to the class path.");
      }
      return stream.readAllBytes();
    } catch (IOException e) {
      throw new NativeLibraryException(
          WHERE
              + "expected to read "
              + RESOURCE
              + " on the class path. Received: "
              + reason(e)
              + ". Replace the jar dev.fovea:native.",
          e);
    }
  }

  private String system() {
    return "os " + os + ", arch " + arch;
  }

  /** File system exceptions carry only a path as message, so their type is part of the reason. */
  private static String reason(Throwable e) {
    boolean speaks = e instanceof UnsatisfiedLinkError || e.getClass() == IOException.class;
    return speaks ? e.getMessage() : e.getClass().getSimpleName() + " " + e.getMessage();
  }

  private static final class JvmLinker implements Linker {
    @Override
    public void load(Path file) {
      System.load(file.toString());
    }

    @Override
    public String libraryInfo() {
      return NativeMethods.libraryInfo();
    }
  }
}
