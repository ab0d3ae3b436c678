package dev.fovea.benchmarks.engine;

import dev.fovea.benchmarks.child.BlockServer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
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

  /** The engine whose processes are of this class, with variants of those names. */
  static Engine engine(String... variants) {
    return new Engine(
        "fake",
        "Fake",
        List.of(variants).stream()
            .map(name -> Variant.of(name, "Fake", Precision.FLOAT32))
            .toList(),
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xshare:auto",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            FakeChild.class.getName()),
        Map.of());
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
