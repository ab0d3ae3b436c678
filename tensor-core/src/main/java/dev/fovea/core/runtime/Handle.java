package dev.fovea.core.runtime;

import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Owns one native network: freed by {@link #close}, or, should its owner forget, once nobody can
 * reach it. The owner sees to it that no call is running when it closes. Every call keeps the
 * handle reachable until native has returned.
 */
final class Handle implements AutoCloseable {
  private static final Cleaner CLEANER = Cleaner.create();
  private static final AtomicInteger OPEN = new AtomicInteger();

  private final String owner;
  private final NativeNetwork network;
  private final Cleaner.Cleanable cleanable;

  /**
   * @param owner the class that holds the handle; messages begin with it
   * @throws IllegalArgumentException naming layer and line, if the text is not a network that can
   *     run
   */
  Handle(String owner, String networkText, PlanOptions options) {
    NativeLibrary.load();
    this.owner = owner;
    this.network =
        new NativeNetwork(
            NativeMethods.create(
                utf8(networkText),
                utf8(options.mode().word()),
                utf8(String.join(",", options.outputs())),
                options.maxRows(),
                options.maxStretches(),
                options.lanes(),
                options.bucketBytes(),
                utf8("")));
    this.cleanable = CLEANER.register(this, network);
    OPEN.incrementAndGet();
  }

  /** Handles not yet closed. */
  static int openCount() {
    return OPEN.get();
  }

  NetworkDescription describe() {
    try {
      return NetworkDescription.parse(NativeMethods.describe(address()));
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  void initialize(long seed, ByteBuffer weights) {
    try {
      NativeMethods.initialize(address(), seed, weights);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  void prepare(int lane, ByteBuffer weights) {
    try {
      NativeMethods.prepare(address(), lane, weights);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  void addGradient(
      int lane,
      int segment,
      StepParts.Part part,
      StepInput input,
      ByteBuffer gradient,
      ByteBuffer sums) {
    try {
      NativeMethods.addGradient(
          address(),
          lane,
          segment,
          part.number(),
          part.begin(),
          part.rows(),
          input.rows(),
          input.records(),
          input.weights(),
          gradient,
          sums,
          input.key().seed(),
          input.key().step(),
          input.key().firstRow());
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  void evaluate(int lane, int segment, StepParts.Part part, StepInput input, ByteBuffer sums) {
    try {
      NativeMethods.evaluate(
          address(),
          lane,
          segment,
          part.number(),
          part.begin(),
          part.rows(),
          input.rows(),
          input.records(),
          input.weights(),
          sums);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  void predict(int rows, ByteBuffer records, ByteBuffer weights, ByteBuffer outputs) {
    try {
      NativeMethods.predict(address(), 0, rows, records, weights, outputs);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  /** Safe to call again. */
  @Override
  public void close() {
    cleanable.clean();
  }

  /** Throws IllegalStateException if the handle is closed. */
  void checkOpen() {
    address();
  }

  private long address() {
    long address = network.address;
    if (address == 0) {
      throw new IllegalStateException(
          owner
              + ": expected an open "
              + owner.toLowerCase(Locale.ROOT)
              + ". Received: one already closed.");
    }
    return address;
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** What the Cleaner keeps: the address, and nothing that reaches the handle. */
  private static final class NativeNetwork implements Runnable {
    private volatile long address;

    NativeNetwork(long address) {
      this.address = address;
    }

    @Override
    public void run() {
      NativeMethods.destroy(address);
      address = 0;
      OPEN.decrementAndGet();
    }
  }
}
