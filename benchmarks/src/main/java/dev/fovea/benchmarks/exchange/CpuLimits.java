package dev.fovea.benchmarks.exchange;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Limits of the kernel on how much of the cores each of some processes may use, with all of its
 * threads, as executors in containers have them. Not thread safe. {@link #close} lifts them.
 */
public final class CpuLimits implements AutoCloseable {
  private final ControlGroups groups;
  private final List<Path> made = new ArrayList<>();

  private CpuLimits(ControlGroups groups) {
    this.groups = groups;
  }

  /** Whether this process may set limits: on Linux, mostly as root. */
  public static boolean available() throws IOException {
    return controlGroups().isPresent();
  }

  /**
   * Limits each of some processes that this one has started.
   *
   * @param cores that one of them may use, more than 0: 0.5 is half of the time of one core
   * @throws IOException if limits are not {@link #available}, or a process is no more
   */
  public static CpuLimits of(double cores, List<ProcessHandle> processes) throws IOException {
    CpuLimits limits =
        new CpuLimits(
            controlGroups()
                .orElseThrow(
                    () ->
                        new IOException(
                            "Expected control groups that this process may make. Received: none."
                                + " Run as root.")));
    try {
      for (ProcessHandle process : processes) {
        limits.add(process, cores);
      }
      return limits;
    } catch (IOException e) {
      limits.close();
      throw e;
    }
  }

  private static Optional<ControlGroups> controlGroups() throws IOException {
    return ControlGroups.find(Path.of("/sys/fs/cgroup"), Path.of("/proc/self/cgroup"));
  }

  private void add(ProcessHandle process, double cores) throws IOException {
    Path group =
        groups.folder().resolve("fovea-" + ProcessHandle.current().pid() + "-" + process.pid());
    Files.createDirectory(group);
    made.add(group);
    groups.limit(group, cores);
    move(process.pid(), group);
  }

  private static void move(long process, Path group) throws IOException {
    Files.writeString(ControlGroups.members(group), Long.toString(process));
  }

  @Override
  public void close() throws IOException {
    for (Path group : made) {
      for (String process : Files.readAllLines(ControlGroups.members(group))) {
        move(Long.parseLong(process), groups.home());
      }
      Files.delete(group);
    }
    made.clear();
  }
}
