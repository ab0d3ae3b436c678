package dev.fovea.benchmarks.simulator;

import java.util.PriorityQueue;
import java.util.stream.IntStream;

/** The cores of a processor, or one direction of a link: first come, first served. */
final class Station {
  private final EventQueue events;
  private final PriorityQueue<Double> free = new PriorityQueue<>(); // when each server is

  Station(EventQueue events, int servers) {
    this.events = events;
    IntStream.range(0, servers).forEach(unused -> free.add(0.0));
  }

  /** Takes the next server for so long; returns when it begins. */
  double reserve(double seconds) {
    double begin = Math.max(events.now(), free.remove());
    free.add(begin + seconds);
    return begin;
  }

  /** Does {@code then} when the work is done. */
  void serve(double seconds, Runnable then) {
    events.at(reserve(seconds) + seconds, then);
  }
}
