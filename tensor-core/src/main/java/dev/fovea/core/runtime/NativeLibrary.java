package dev.fovea.core.runtime;

/**
 * The native library of this JVM: found on the class path, unpacked and loaded at first use, once.
 * A failure is remembered and thrown again, so that every task of an executor sees the same
 * message.
 */
public final class NativeLibrary {
  /** The version of the library that belongs to these classes. */
  static final String EXPECTED_VERSION = "0.1.0";

  private static final Once<LibraryInfo> LIBRARY =
      new Once<>(() -> NativeLibraryLoader.forThisJvm().load());

  private NativeLibrary() {}

  /**
   * What the library says about itself.
   *
   * @throws NativeLibraryException if the library cannot be loaded here
   */
  public static LibraryInfo info() {
    return LIBRARY.value();
  }

  /** Makes {@link NativeMethods} callable. Cheap after the first call. */
  static void load() {
    LIBRARY.value();
  }
}
