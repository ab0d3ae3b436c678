package dev.fovea.acceptance.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;

/** A process that gets a third of the time there is, until it is closed. */
final class SlowedProcess implements AutoCloseable {
  private static final String LOOP =
      "while kill -STOP $0; do sleep 0.06; kill -CONT $0; sleep 0.03; done";

  private final ProcessHandle slowed;
  private final Process loop;

  private SlowedProcess(ProcessHandle slowed, Process loop) {
    this.slowed = slowed;
    this.loop = loop;
  }

  static SlowedProcess of(ProcessHandle process) {
    try {
      return new SlowedProcess(
          process, new ProcessBuilder("sh", "-c", LOOP, Long.toString(process.pid())).start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    loop.destroyForcibly();
    var unused = loop.onExit().join();
    Signals.resume(slowed);
  }
}
