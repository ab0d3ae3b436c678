package dev.fovea.benchmarks.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Both versions, in folders that look like theirs. */
class ControlGroupsTest {
  @TempDir Path folder;
  private Path root;
  private Path self;

  @BeforeEach
  void makeFolders() throws IOException {
    root = Files.createDirectory(folder.resolve("cgroup"));
    self = folder.resolve("self");
  }

  @Test
  void version1MakesGroupsInTheOneOfThisProcess() throws IOException {
    Path home = group("cpu,cpuacct/jobs/7");
    Files.writeString(self, "5:memory:/jobs/7\n3:cpu,cpuacct:/jobs/7\n0::/\n");
    assertThat(ControlGroups.find(root, self)).contains(new ControlGroups(home, home, false));
  }

  @Test
  void version2MakesGroupsBesideTheOneOfThisProcess() throws IOException {
    Path home = group("user/session");
    Files.writeString(root.resolve("user/cgroup.subtree_control"), "cpuset cpu io memory\n");
    Files.writeString(self, "0::/user/session\n");
    assertThat(ControlGroups.find(root, self))
        .contains(new ControlGroups(home, home.getParent(), true));
  }

  @Test
  void aGroupWhoseParentDoesNotShareTheCpuIsOfNoUse() throws IOException {
    group("user/session");
    Files.writeString(root.resolve("user/cgroup.subtree_control"), "cpuset memory\n");
    Files.writeString(self, "0::/user/session\n");
    assertThat(ControlGroups.find(root, self)).isEmpty();
  }

  @Test
  void theRootWithoutControllersIsOfNoUse() throws IOException {
    group(".");
    Files.writeString(self, "0::/\n");
    assertThat(ControlGroups.find(root, self)).isEmpty();
  }

  @Test
  void groupsThatAreNotThereAreOfNoUse() throws IOException {
    Files.writeString(self, "3:cpu:/elsewhere\n");
    assertThat(ControlGroups.find(root, self)).isEmpty();
    assertThat(ControlGroups.find(root, folder.resolve("not Linux"))).isEmpty();
  }

  @Test
  void aLimitIsAQuotaOfShortPeriods() throws IOException {
    Path group = group("any");
    new ControlGroups(root, root, false).limit(group, 0.5);
    assertThat(group.resolve("cpu.cfs_period_us")).hasContent("10000");
    assertThat(group.resolve("cpu.cfs_quota_us")).hasContent("5000");
    new ControlGroups(root, root, true).limit(group, 1.5);
    assertThat(group.resolve("cpu.max")).hasContent("15000 10000");
  }

  private Path group(String name) throws IOException {
    Path group = Files.createDirectories(root.resolve(name)).normalize();
    Files.createFile(ControlGroups.members(group));
    return group;
  }
}
