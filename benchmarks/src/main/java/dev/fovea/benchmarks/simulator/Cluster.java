package dev.fovea.benchmarks.simulator;

/**
 * Where the ranks and the driver run.
 *
 * @param bytesPerSecond of a link, in each direction; infinite where a wire costs nothing
 * @param latency seconds from the end of a message's sending to the begin of its receiving
 * @param cores of the driver and of each executor
 * @param oneMachine true where all of them share the cores
 */
public record Cluster(
    double bytesPerSecond, double latency, int cores, boolean oneMachine, Costs costs) {
  /** Executors and a driver that are processes of one machine: its loopback is its processor. */
  public static Cluster loopback(int cores, double latency, Costs costs) {
    return new Cluster(Double.POSITIVE_INFINITY, latency, cores, true, costs);
  }

  /** Machines of so many cores with links of so many gigabits a second. */
  public static Cluster ethernet(double gigabits, double latency, int cores, Costs costs) {
    return new Cluster(gigabits * 1e9 / 8, latency, cores, false, costs);
  }

  /** Seconds that {@code bytes} take on a link. */
  double wire(double bytes) {
    return bytes / bytesPerSecond;
  }
}
