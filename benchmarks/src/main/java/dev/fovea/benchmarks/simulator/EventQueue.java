package dev.fovea.benchmarks.simulator;

import java.util.Comparator;
import java.util.PriorityQueue;

/**
 * What happens when, in virtual seconds. Events of one moment happen in the order in which they
 * were added, so a simulation is the same each time.
 */
final class EventQueue {
  private record Event(double time, long number, Runnable action) {}

  private final PriorityQueue<Event> events =
      new PriorityQueue<>(Comparator.comparingDouble(Event::time).thenComparingLong(Event::number));
  private double now;
  private long added;

  double now() {
    return now;
  }

  /** Adds an event; what is late happens now. */
  void at(double time, Runnable action) {
    events.add(new Event(Math.max(now, time), added++, action));
  }

  /** Until nothing is left to happen. */
  void run() {
    while (!events.isEmpty()) {
      Event event = events.remove();
      now = event.time;
      event.action.run();
    }
  }
}
