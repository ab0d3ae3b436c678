package dev.fovea.core.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;

/** An answer that remembers what it was given. */
final class Recorded<T> implements Answer<T> {
  private final List<T> given = new ArrayList<>();
  private RuntimeException refused;

  @Override
  public synchronized void give(T message) {
    given.add(message);
  }

  @Override
  public synchronized void refuse(RuntimeException cause) {
    refused = cause;
  }

  synchronized boolean isPending() {
    return given.isEmpty() && refused == null;
  }

  /** The one message it was given. */
  synchronized T message() {
    assertThat(refused).isNull();
    assertThat(given).hasSize(1);
    return given.get(0);
  }

  synchronized RuntimeException refusal() {
    assertThat(given).isEmpty();
    return refused;
  }
}
