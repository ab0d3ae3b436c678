package dev.fovea.spark.checkpoint;

import java.io.IOException;
import java.net.URI;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;

/**
 * The local files under the scheme {@code faulty}, without checksums; a test may hold or fail every
 * operation that changes them.
 */
public final class FaultyFileSystem extends RawLocalFileSystem {
  private static final Hook NONE = (operation, path) -> {};
  private static volatile Hook hook = NONE;

  /** Called before each operation; throws what the operation is to throw. */
  interface Hook {
    void before(String operation, Path path) throws IOException;
  }

  static Configuration configuration() {
    Configuration configuration = new Configuration();
    configuration.set("fs.faulty.impl", FaultyFileSystem.class.getName());
    return configuration;
  }

  /** The name of a local directory here. */
  static String uri(java.nio.file.Path directory) {
    return "faulty://" + directory;
  }

  static void hook(Hook value) {
    hook = value;
  }

  static void heal() {
    hook = NONE;
  }

  @Override
  public URI getUri() {
    return URI.create("faulty:///");
  }

  @Override
  public FSDataOutputStream create(
      Path path,
      boolean overwrite,
      int bufferSize,
      short replication,
      long blockSize,
      Progressable progress)
      throws IOException {
    hook.before("create", path);
    FSDataOutputStream out =
        super.create(path, overwrite, bufferSize, replication, blockSize, progress);
    try {
      hook.before("write", path); // Leaves the file as a writer that died in it.
      return out;
    } catch (IOException e) {
      out.close();
      throw e;
    }
  }

  @Override
  public boolean mkdirs(Path path) throws IOException {
    hook.before("mkdirs", path);
    return super.mkdirs(path);
  }

  /** The files stay as they are made; Hadoop would start a process for each. */
  @Override
  public void setPermission(Path path, FsPermission permission) {}

  @Override
  public boolean rename(Path src, Path dst) throws IOException {
    hook.before("rename", src);
    return super.rename(src, dst);
  }

  @Override
  public boolean delete(Path path, boolean recursive) throws IOException {
    hook.before("delete", path);
    return super.delete(path, recursive);
  }
}
