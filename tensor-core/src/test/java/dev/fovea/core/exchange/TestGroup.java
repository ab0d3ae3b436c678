package dev.fovea.core.exchange;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** The ranks of one group in this JVM, and the relays that they talk through. */
record TestGroup(DriverEndpoint endpoint, int number, RelayMap map, List<RelayEndpoint> relays) {
  TestGroup(DriverEndpoint endpoint, int number, RelayMap map) {
    this(
        endpoint,
        number,
        map,
        new ArrayList<>(
            IntStream.range(0, map.count())
                .mapToObj(relay -> new RelayEndpoint(number, map, relay, endpoint))
                .toList()));
  }

  Hello hello(int rank, int attempt, List<Long> rowsOfShards) {
    return new Hello("fit", number, rank, attempt, "thread", rowsOfShards, 0, "cpu", "1")
        .at(address(rank));
  }

  GradientExchange exchange(int rank) {
    return new EndpointExchange(endpoint, config -> relay(rank, config), () -> false);
  }

  private String address(int rank) {
    return map.isTree() && map.leaders().contains(rank) ? "relay " + map.relayOf(rank) : "";
  }

  private Endpoint relay(int rank, Config config) {
    String address = config.relays().get(rank);
    if (address.isEmpty()) {
      return endpoint;
    }
    int relay = Integer.parseInt(address.substring("relay ".length()));
    if (map.leader(relay) == rank) {
      relays.get(relay).begin(config);
    }
    return relays.get(relay);
  }
}
