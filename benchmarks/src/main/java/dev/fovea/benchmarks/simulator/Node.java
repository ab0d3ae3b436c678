package dev.fovea.benchmarks.simulator;

/** The driver or an executor: cores, and a link with two directions that do not disturb another. */
final class Node {
  /** A message goes in pieces of this size, or in so many: sending and receiving overlap. */
  private static final double PIECE_BYTES = 1 << 20;

  private static final int MAX_PIECES = 16;

  private final EventQueue events;
  private final Cluster cluster;
  private final Station processor;
  private final Station out;
  private final Station in;

  Node(EventQueue events, Cluster cluster, Station processor) {
    this.events = events;
    this.cluster = cluster;
    this.processor = processor;
    this.out = new Station(events, 1);
    this.in = new Station(events, 1);
  }

  /** Computes on one core. */
  void compute(double seconds, Runnable then) {
    processor.serve(seconds, then);
  }

  /** Takes so many bytes of new weights, which have been received, on one core. */
  void take(double bytes, Runnable then) {
    compute(bytes * cluster.costs().take(), then);
  }

  /** Sends a message; what a node sends to itself is there at once. */
  void send(Node to, double bytes, Runnable arrived) {
    if (to == this) {
      arrived.run();
      return;
    }
    int pieces = (int) Math.max(1, Math.min(MAX_PIECES, Math.ceil(bytes / PIECE_BYTES)));
    Countdown received = new Countdown(pieces, arrived);
    for (int piece = 0; piece < pieces; piece++) {
      sendPiece(to, bytes / pieces, cluster.costs().message() / pieces, received);
    }
  }

  private void sendPiece(Node to, double bytes, double message, Countdown received) {
    double cpu = message + bytes * cluster.costs().transport();
    double wire = cluster.wire(bytes);
    processor.serve(
        cpu,
        () -> // the first bits of a piece are there while the last are still sent
        events.at(
                out.reserve(wire) + cluster.latency(),
                () -> to.in.serve(wire, () -> to.processor.serve(cpu, received::next))));
  }

  /** The pieces of a message that are still to come. */
  private static final class Countdown {
    private final Runnable then;
    private int left;

    Countdown(int count, Runnable then) {
      this.left = count;
      this.then = then;
    }

    void next() {
      left--;
      if (left == 0) {
        then.run();
      }
    }
  }
}
