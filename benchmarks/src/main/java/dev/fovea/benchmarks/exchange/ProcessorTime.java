package dev.fovea.benchmarks.exchange;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;

/** What processes have worked since they began, in nanoseconds of a core. */
public final class ProcessorTime {
  private static final OperatingSystemMXBean SYSTEM =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  private ProcessorTime() {}

  /** Of this process: the driver's. */
  public static long ofDriver() {
    return SYSTEM.getProcessCpuTime();
  }

  /**
   * Of all processes that this one has started and that still run: the executors of a {@link
   * LocalCluster}, among others. In steps of the system's clock, of 10 ms on Linux; takes some
   * milliseconds itself.
   */
  public static long ofExecutors() {
    return ProcessHandle.current()
        .children()
        .map(child -> child.info().totalCpuDuration().orElse(Duration.ZERO))
        .mapToLong(Duration::toNanos)
        .sum();
  }
}
