package dev.fovea.benchmarks.exchange;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Where the kernel can be told how much of the cores some processes may use, as YARN and Kubernetes
 * tell it for their containers.
 *
 * @param home the group of this process and of those that it starts
 * @param folder where to make a group, within the limits of home (version 1) or of its parent
 *     (version 2, in which a group with processes has no groups)
 * @param unified true for version 2
 */
record ControlGroups(Path home, Path folder, boolean unified) {
  /** Of a period, in microseconds. So short that a step of a training takes many. */
  private static final int PERIOD = 10_000;

  /**
   * Finds those of this machine.
   *
   * @param root {@code /sys/fs/cgroup}
   * @param self {@code /proc/self/cgroup}
   * @return none where there are none, or where this process may not make a group
   */
  static Optional<ControlGroups> find(Path root, Path self) throws IOException {
    if (!Files.exists(self)) {
      return Optional.empty();
    }
    for (String line : Files.readAllLines(self)) {
      String[] fields = line.split(":", 3); // hierarchy, its controllers, the group
      List<String> controllers = Arrays.asList(fields[1].split(",", -1));
      Path relative = Path.of("/").relativize(Path.of(fields[2]));
      Optional<ControlGroups> found = Optional.empty();
      if (controllers.contains("cpu")) {
        Path home = root.resolve(fields[1]).resolve(relative).normalize();
        found = Optional.of(new ControlGroups(home, home, false));
      } else if (fields[1].isEmpty()) {
        Path home = root.resolve(relative).normalize();
        found = Optional.of(new ControlGroups(home, parent(root, home), true));
      }
      if (found.isPresent() && found.get().isUsable()) {
        return found;
      }
    }
    return Optional.empty();
  }

  private static Path parent(Path root, Path home) {
    return home.equals(root.normalize()) ? home : home.getParent();
  }

  private boolean isUsable() throws IOException {
    return Files.isWritable(folder)
        && Files.isWritable(members(home))
        && (!unified || isDelegated(folder.resolve("cgroup.subtree_control")));
  }

  private static boolean isDelegated(Path controllers) throws IOException {
    return Files.exists(controllers)
        && Arrays.asList(Files.readString(controllers).strip().split(" ", -1)).contains("cpu");
  }

  /** The file that tells and takes the processes of a group. */
  static Path members(Path group) {
    return group.resolve("cgroup.procs");
  }

  /** Lets the processes of a group use so many cores, together: 0.5 is half of the time of one. */
  void limit(Path group, double cores) throws IOException {
    String quota = Long.toString(Math.round(cores * PERIOD));
    if (unified) {
      Files.writeString(group.resolve("cpu.max"), quota + " " + PERIOD);
    } else {
      Files.writeString(group.resolve("cpu.cfs_period_us"), Integer.toString(PERIOD));
      Files.writeString(group.resolve("cpu.cfs_quota_us"), quota);
    }
  }
}
