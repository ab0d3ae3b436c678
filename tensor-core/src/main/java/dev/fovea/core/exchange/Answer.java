package dev.fovea.core.exchange;

/**
 * Takes the answer to one message: at once or when other ranks have sent theirs, on any thread,
 * once. Neither method may block for long: all ranks wait for the thread that calls it.
 *
 * @param <T> the answering message
 */
public interface Answer<T> {
  void give(T message);

  /** The message was not accepted; nothing of it counts. */
  void refuse(RuntimeException cause);
}
