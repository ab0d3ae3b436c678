package dev.fovea.benchmarks.simulator;

import dev.fovea.core.exchange.Answer;
import dev.fovea.core.exchange.DriverEndpoint;
import dev.fovea.core.exchange.ExchangePlan;
import dev.fovea.core.exchange.Hello;
import dev.fovea.core.exchange.ShardMap;
import dev.fovea.core.runtime.NetworkDescription;
import dev.fovea.core.schedule.Constant;
import java.util.Collections;

/** Begins trainings of one epoch, in which each step takes one row of each shard. */
final class Groups {
  private static final String NAME = "simulated"; // of the fit and of all that it asks for

  private Groups() {}

  static ExchangePlan plan(NetworkDescription network) {
    return new ExchangePlan(
        NAME, NAME, network, 1, 1, ShardMap.SHARDS, 1, 1e-3, new Constant(), NAME, false);
  }

  /** All ranks of the endpoint's first group say hello. */
  static int begin(DriverEndpoint endpoint, ShardMap shards, long steps) {
    int group = endpoint.beginGroup(shards);
    for (int rank = 0; rank < shards.ranks(); rank++) {
      int owned = shards.end(rank) - shards.first(rank);
      endpoint.hello(
          new Hello(NAME, group, rank, 0, NAME, Collections.nCopies(owned, steps), 0, NAME, NAME),
          ignored());
    }
    return group;
  }

  /** An answer that nobody waits for; a refusal is thrown. */
  static <T> Answer<T> ignored() {
    return new Answer<>() {
      @Override
      public void give(T message) {
        // The endpoint's position says the same.
      }

      @Override
      public void refuse(RuntimeException cause) {
        throw cause;
      }
    };
  }
}
