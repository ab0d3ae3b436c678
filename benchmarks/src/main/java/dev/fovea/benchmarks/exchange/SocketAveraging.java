package dev.fovea.benchmarks.exchange;

import dev.fovea.core.runtime.FlatKernels;
import dev.fovea.core.tensor.AlignedMemory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaFutureAction;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * Bare sockets, the least that moving the numbers can cost: ranks send their gradient, the driver
 * adds it with Fovea's kernel chunk by chunk, and sends each sum back as soon as it is complete. No
 * messages, no authentication, no failures.
 */
final class SocketAveraging implements Averaging {
  private static final int CHUNK_BYTES = 256 << 10;

  private final JavaSparkContext context;
  private final int ranks;
  private final int bytes;

  SocketAveraging(JavaSparkContext context, int ranks, int floats) {
    this.context = context;
    this.ranks = ranks;
    this.bytes = floats * Float.BYTES;
  }

  @Override
  public StepCost measure(int warm, int steps) throws Exception {
    StepClock clock = new StepClock(warm);
    int size = bytes;
    int count = warm + steps;
    try (ServerSocketChannel server = ServerSocketChannel.open();
        Sums sums = new Sums(size, clock)) {
      int port = port(server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)));
      JavaFutureAction<Void> job =
          context
              .parallelize(IntStream.range(0, ranks).boxed().toList(), ranks)
              .foreachAsync(unused -> Rank.run(port, size, count));
      List<Thread> readers = new ArrayList<>();
      for (int rank = 0; rank < ranks; rank++) {
        SocketChannel channel = server.accept();
        sums.add(channel);
        readers.add(new Thread(() -> sums.read(channel, count), "averaging-" + rank));
      }
      readers.forEach(Thread::start);
      for (Thread reader : readers) {
        reader.join();
      }
      Void unused = job.get();
    }
    return clock.cost();
  }

  private static int port(ServerSocketChannel server) throws IOException {
    return ((InetSocketAddress) server.getLocalAddress()).getPort();
  }

  private static int chunks(int bytes) {
    return (bytes + CHUNK_BYTES - 1) / CHUNK_BYTES;
  }

  private static ByteBuffer chunk(ByteBuffer of, int chunk) {
    int offset = chunk * CHUNK_BYTES;
    return of.slice(offset, Math.min(CHUNK_BYTES, of.capacity() - offset));
  }

  private static void readFully(SocketChannel channel, ByteBuffer dst) throws IOException {
    while (dst.hasRemaining()) {
      if (channel.read(dst) < 0) {
        throw new IOException(
            "Socket: expected " + dst.remaining() + " bytes more. Received: end.");
      }
    }
  }

  private static void writeFully(SocketChannel channel, ByteBuffer src) throws IOException {
    while (src.hasRemaining()) {
      int unused = channel.write(src);
    }
  }

  /** The driver's side: a thread for each rank reads, and adds what it has read. */
  private static final class Sums implements AutoCloseable {
    private final ByteBuffer sum;
    private final StepClock clock;
    private final int[] arrived;
    private final List<SocketChannel> channels = new ArrayList<>();

    Sums(int bytes, StepClock clock) {
      this.sum = AlignedMemory.allocate(bytes);
      this.clock = clock;
      this.arrived = new int[chunks(bytes)];
    }

    void add(SocketChannel channel) throws IOException {
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      channels.add(channel);
    }

    void read(SocketChannel channel, int steps) {
      ByteBuffer received = AlignedMemory.allocate(CHUNK_BYTES);
      try {
        for (int step = 0; step < steps; step++) {
          for (int chunk = 0; chunk < arrived.length; chunk++) {
            ByteBuffer dst = chunk(sum, chunk);
            readFully(channel, received.clear().limit(dst.capacity()));
            take(dst, received.flip(), chunk);
          }
        }
      } catch (IOException e) {
        close(); // the other ranks, and with them the job, must not wait
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void close() {
      for (SocketChannel channel : channels) {
        try {
          channel.close();
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    }

    private synchronized void take(ByteBuffer dst, ByteBuffer src, int chunk) throws IOException {
      if (arrived[chunk]++ == 0) {
        dst.put(src).clear();
      } else {
        FlatKernels.accumulate(dst, src, 0, dst.capacity() / Float.BYTES);
      }
      if (arrived[chunk] == channels.size()) {
        arrived[chunk] = 0;
        for (SocketChannel channel : channels) {
          writeFully(channel, dst.clear());
        }
        if (chunk == arrived.length - 1) {
          clock.tick();
        }
      }
    }
  }

  /** The side of a rank, in a task: one thread sends while the other receives. */
  private static final class Rank {
    static void run(int port, int bytes, int steps) throws IOException, InterruptedException {
      ByteBuffer gradient = AlignedMemory.allocate(bytes);
      ByteBuffer weights = AlignedMemory.allocate(bytes);
      try (SocketChannel channel =
          SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))) {
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        for (int step = 0; step < steps; step++) {
          Thread sender = new Thread(() -> send(channel, gradient));
          sender.start();
          readFully(channel, weights.clear());
          sender.join();
        }
      }
    }

    private static void send(SocketChannel channel, ByteBuffer gradient) {
      try {
        for (int chunk = 0; chunk < chunks(gradient.capacity()); chunk++) {
          writeFully(channel, chunk(gradient, chunk));
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
