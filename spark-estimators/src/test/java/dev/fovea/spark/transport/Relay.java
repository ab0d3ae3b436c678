package dev.fovea.spark.transport;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** Passes one connection on to a port of this machine, and remembers the driver's bytes. */
final class Relay implements AutoCloseable {
  private final ServerSocket server;
  private final Thread accepting;
  private final ByteArrayOutputStream overheard = new ByteArrayOutputStream();

  Relay(int port) throws IOException {
    server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    accepting = new Thread(() -> accept(port), "relay");
    accepting.start();
  }

  int port() {
    return server.getLocalPort();
  }

  byte[] overheard() {
    synchronized (overheard) {
      return overheard.toByteArray();
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    try {
      accepting.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // The thread ends by itself.
    }
  }

  private void accept(int port) {
    try (Socket client = server.accept();
        Socket driver = new Socket(InetAddress.getLoopbackAddress(), port)) {
      Thread up = new Thread(() -> pump(client, driver, false), "relay-up");
      up.start();
      pump(driver, client, true);
      client.shutdownInput();
      up.join();
    } catch (IOException | InterruptedException e) {
      return; // Closed before anybody came.
    }
  }

  private void pump(Socket from, Socket to, boolean listens) {
    byte[] block = new byte[1 << 16];
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int bytes = in.read(block); bytes >= 0; bytes = in.read(block)) {
        if (listens) {
          synchronized (overheard) {
            overheard.write(block, 0, bytes);
          }
        }
        out.write(block, 0, bytes);
      }
      to.shutdownOutput();
    } catch (IOException e) {
      return; // One side has closed.
    }
  }
}
