package dev.fovea.spark.training;

import dev.fovea.core.exchange.Config;
import dev.fovea.core.exchange.Endpoint;
import dev.fovea.core.exchange.Hello;
import dev.fovea.core.exchange.RelayEndpoint;
import dev.fovea.core.exchange.RelayMap;
import java.util.function.BooleanSupplier;

/**
 * What a task has to do with relays: nothing, where every rank speaks for itself; a relay and its
 * server, where the rank leads; a connection to the leader's server elsewhere. Owns these. One
 * thread uses it.
 */
final class TaskRelay implements AutoCloseable {
  /** For ranks that were told to stop, and whose answers may still be on their way. */
  private static final long LEAVE_MILLIS = 30_000;

  private final EndpointAddress driver;
  private final Endpoint endpoint;
  private final int rank;
  private final BooleanSupplier interrupted;
  private final RelayEndpoint relay; // null where the rank leads none
  private final RelayServer server; // null where the rank leads none
  private EndpointConnection leader; // null but where another leads

  /**
   * Opens the rank's relay, if it leads one.
   *
   * @param endpoint the driver's, from this task
   * @param group number of the group
   * @param interrupted true once the task is to end
   */
  TaskRelay(
      EndpointAddress driver,
      Endpoint endpoint,
      int group,
      RelayMap relays,
      int rank,
      BooleanSupplier interrupted) {
    this.driver = driver;
    this.endpoint = endpoint;
    this.rank = rank;
    this.interrupted = interrupted;
    boolean leads = relays.isTree() && relays.leaders().contains(rank);
    this.relay = leads ? new RelayEndpoint(group, relays, relays.relayOf(rank), endpoint) : null;
    this.server = leads ? driver.openRelay(relay) : null;
  }

  /** The hello, with the address of the relay that was opened. */
  Hello in(Hello hello) {
    return server == null ? hello : hello.at(server.address());
  }

  /** Where gradients and evaluations of this rank go. */
  Endpoint of(Config config) {
    String address = config.relays().get(rank);
    if (address.isEmpty()) {
      return endpoint;
    }
    if (relay != null) {
      relay.begin(config);
      return relay;
    }
    leader = driver.ofRelay(address).connect();
    return leader.endpoint();
  }

  @Override
  public void close() {
    try {
      if (leader != null) {
        leader.close();
      }
      if (relay != null) {
        relay.awaitGone(LEAVE_MILLIS, interrupted);
      }
    } finally {
      if (server != null) {
        server.close();
      }
    }
  }
}
