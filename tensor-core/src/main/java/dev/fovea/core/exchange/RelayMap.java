package dev.fovea.core.exchange;

import java.io.Serializable;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Which ranks talk gradients with the driver, and for whom. A relay is a stretch of ranks whose
 * first one, the leader, adds the gradients of all and speaks for them. Where every rank speaks for
 * itself, each is a relay of one.
 *
 * @param bounds relay k has the ranks from {@code bounds[k]} up to, not including, {@code bounds[k
 *     + 1]}; from 0 to the number of ranks, increasing
 */
public record RelayMap(List<Integer> bounds) implements Serializable {
  private static final long serialVersionUID = 1;

  public RelayMap {
    bounds = List.copyOf(bounds);
    if (!isMap(bounds)) {
      throw new IllegalArgumentException(
          "RelayMap: expected bounds from 0 to the number of ranks, increasing. Received: %s."
              .formatted(bounds));
    }
  }

  private static boolean isMap(List<Integer> bounds) {
    return bounds.size() > 1
        && bounds.get(0) == 0
        && IntStream.range(1, bounds.size()).allMatch(i -> bounds.get(i - 1) < bounds.get(i));
  }

  /** Every rank speaks for itself. */
  public static RelayMap none(int ranks) {
    return even(ranks, ranks);
  }

  /** As many relays as ranks in each, as far as that goes: about the root of their number. */
  public static RelayMap tree(int ranks) {
    return even(ranks, (int) Math.round(Math.sqrt(ranks)));
  }

  private static RelayMap even(int ranks, int relays) {
    return new RelayMap(
        IntStream.rangeClosed(0, relays).mapToObj(relay -> relay * ranks / relays).toList());
  }

  public int ranks() {
    return bounds.get(count());
  }

  /** Number of relays. */
  public int count() {
    return bounds.size() - 1;
  }

  /** True where some rank speaks for others. */
  public boolean isTree() {
    return count() < ranks();
  }

  /** The relay that {@code rank} belongs to. */
  public int relayOf(int rank) {
    int relay = 0;
    while (bounds.get(relay + 1) <= rank) {
      relay++;
    }
    return relay;
  }

  public int leader(int relay) {
    return bounds.get(relay);
  }

  /** The leaders of all relays, in order. */
  public List<Integer> leaders() {
    return bounds.subList(0, count());
  }

  /** The ranks of a relay, in order; the leader is the first. */
  public List<Integer> members(int relay) {
    return IntStream.range(bounds.get(relay), bounds.get(relay + 1)).boxed().toList();
  }
}
