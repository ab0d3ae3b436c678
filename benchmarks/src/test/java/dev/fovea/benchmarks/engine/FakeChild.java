package dev.fovea.benchmarks.engine;

import dev.fovea.benchmarks.child.BlockServer;
import java.util.concurrent.atomic.AtomicInteger;

/** An engine of no library: what it does depends on the name of the variant. */
public final class FakeChild {
  private FakeChild() {}

  public static void main(String[] arguments) throws Exception {
    switch (arguments[0]) {
      case "never" -> {
        System.err.println("no such network here");
        System.exit(3);
      }
      case "babble" -> System.out.println("hello");
      default ->
          BlockServer.serve(
              "Fake 1.0 on " + arguments[1], (variant, mode) -> work(variant, arguments[1]));
    }
  }

  private static BlockServer.Work work(String variant, String threads) {
    if (variant.equals("refused")) {
      throw new UnsupportedOperationException("cannot do this");
    }
    System.out.println("a library prints this where answers go");
    AtomicInteger calls = new AtomicInteger();
    return seconds -> {
      if (variant.equals("dies") && seconds == 0.125) {
        System.exit(4);
      }
      return 100 * Integer.parseInt(threads) + calls.incrementAndGet();
    };
  }
}
