package dev.fovea.core.runtime;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * {@code fovea-native-<user>} below a directory that others may share. Only its owner may enter, so
 * that no other user can plant a library there. Files are named by the hash of their content,
 * written aside and moved into place: any number of JVMs may unpack at once, and they share one
 * file.
 */
final class UnpackDirectory {
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rwx------");
  private static final FileAttribute<?> CREATE_OWNER_ONLY =
      PosixFilePermissions.asFileAttribute(OWNER_ONLY);

  private final Path directory;
  private final String source;

  /**
   * @param parent an existing directory
   * @param source the setting that named it
   */
  UnpackDirectory(Path parent, String source) {
    String user = System.getProperty("user.name").replaceAll("[^A-Za-z0-9._-]", "_");
    this.directory = parent.toAbsolutePath().resolve("fovea-native-" + user);
    this.source = source;
  }

  /** The setting of the user first, then where Java and Spark keep temporary files. */
  static Collection<UnpackDirectory> all() {
    Map<Path, UnpackDirectory> all = new LinkedHashMap<>();
    add(all, System.getProperty("fovea.native.dir"), "fovea.native.dir");
    add(all, System.getProperty("java.io.tmpdir"), "java.io.tmpdir");
    for (String variable : List.of("LOCAL_DIRS", "SPARK_LOCAL_DIRS")) {
      addEach(all, System.getenv(variable), variable);
    }
    addEach(all, System.getProperty("spark.local.dir"), "spark.local.dir");
    add(all, System.getProperty("user.dir"), "user.dir");
    return all.values();
  }

  private static void addEach(Map<Path, UnpackDirectory> all, String parents, String source) {
    if (parents != null) {
      for (String parent : parents.split(",", -1)) {
        add(all, parent.strip(), source);
      }
    }
  }

  private static void add(Map<Path, UnpackDirectory> all, String parent, String source) {
    if (parent != null && !parent.isEmpty()) {
      UnpackDirectory directory = new UnpackDirectory(Path.of(parent), source);
      all.putIfAbsent(directory.directory, directory);
    }
  }

  /** The file of this content that all JVMs of the user share; written if it is not there yet. */
  Path shared(byte[] content) throws IOException {
    create();
    Path file = directory.resolve("fovea_tensorcore-" + hash(content) + ".so");
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
        || !Arrays.equals(Files.readAllBytes(file), content)) {
      Path aside = copy(content);
      try {
        Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        delete(aside);
      }
    }
    return file;
  }

  /** A file of this content that nobody else uses; the caller deletes it. */
  Path copy(byte[] content) throws IOException {
    return Files.write(directory.resolve("fovea_tensorcore-" + UUID.randomUUID() + ".so"), content);
  }

  static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      // A leftover of 2 MB in a temporary directory is no reason to stop.
    }
  }

  @Override
  public String toString() {
    return directory + " (" + source + ")";
  }

  private void create() throws IOException {
    try {
      Files.createDirectory(directory, CREATE_OWNER_ONLY);
    } catch (FileAlreadyExistsException e) {
      // Made by an earlier JVM, or by somebody else: checked below.
    }
    if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
      throw new IOException("expected a directory. Received: a file or a link.");
    }
    Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(directory);
    if (!permissions.equals(OWNER_ONLY)) {
      throw new IOException(
          "expected permissions rwx------. Received: "
              + PosixFilePermissions.toString(permissions)
              + ".");
    }
    checkOwner();
  }

  /** A file that this process writes belongs to its user; so must the directory. */
  private void checkOwner() throws IOException {
    Path probe = Files.createTempFile(directory, "owner", "");
    try {
      String user = Files.getOwner(probe).getName();
      String owner = Files.getOwner(directory).getName();
      if (!owner.equals(user)) {
        throw new IOException(
            "expected a directory of user " + user + ". Received: one of " + owner + ".");
      }
    } finally {
      delete(probe);
    }
  }

  private static String hash(byte[] content) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
      return HexFormat.of().formatHex(digest, 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("SHA-256: expected in every JDK.", e);
    }
  }
}
