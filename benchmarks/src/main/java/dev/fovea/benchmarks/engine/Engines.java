package dev.fovea.benchmarks.engine;

import dev.fovea.benchmarks.child.BlockServer;
import java.io.File;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Fovea and its peers, as far as they are installed. Where {@code bin/setup --peers} put them and
 * where the launcher compiled their children, two folders say.
 */
public final class Engines {
  /** Every key, in the order of the tables. */
  public static final List<String> KEYS =
      List.of(Engine.FOVEA, Engine.PYTORCH, "onnxruntime", "dl4j");

  private final Path peers;
  private final Path children;
  private final List<Engine> installed = new ArrayList<>();
  private final List<String> missing = new ArrayList<>();

  /**
   * @param keys which of {@link #KEYS} are wanted
   * @param peers folder of the installed peers
   * @param children folder of the peers' compiled children, and of PyTorch's scripts
   */
  public Engines(List<String> keys, Path peers, Path children) {
    this.peers = peers;
    this.children = children;
    for (String key : KEYS) {
      if (keys.contains(key)) {
        add(key);
      }
    }
  }

  public List<Engine> installed() {
    return List.copyOf(installed);
  }

  /** Names of the engines that are wanted and not installed. */
  public List<String> missing() {
    return List.copyOf(missing);
  }

  private void add(String key) {
    switch (key) {
      case Engine.FOVEA -> installed.add(fovea());
      case Engine.PYTORCH -> {
        Path python = peers.resolve("venv/bin/python");
        add(pytorch(python), Files.exists(peers.resolve("venv/installed")));
      }
      case "onnxruntime" ->
          addJava(
              "onnxruntime",
              "ONNX Runtime",
              "OnnxRuntimeChild",
              List.of(
                  new Variant(
                      "onnxruntime", "ONNX Runtime", Precision.FLOAT32, Set.of(Mode.INFER))),
              Map.of());
      case "dl4j" ->
          addJava(
              "dl4j",
              "DL4J",
              "Dl4jChild",
              List.of(Variant.of("dl4j", "DL4J", Precision.FLOAT32)),
              Map.of("OMP_NUM_THREADS", "THREADS", "OPENBLAS_NUM_THREADS", "THREADS"));
      default -> throw new IllegalArgumentException(key);
    }
  }

  private void add(Engine engine, boolean present) {
    if (present) {
      installed.add(engine);
    } else {
      missing.add(engine.name());
    }
  }

  /** Fovea itself, which is always there. */
  public static Engine fovea() {
    return new Engine(
        Engine.FOVEA,
        "Fovea",
        Stream.of(Precision.values())
            .map(precision -> Variant.of(precision.word(), "Fovea", precision))
            .toList(),
        List.of(
            java(),
            "-cp",
            System.getProperty("java.class.path"),
            "dev.fovea.benchmarks.core.FoveaChild"),
        Map.of());
  }

  private Engine pytorch(Path python) {
    return new Engine(
        Engine.PYTORCH,
        "PyTorch",
        List.of(
            Variant.of("nchw", "PyTorch eager", Precision.FLOAT32),
            Variant.of("nhwc", "PyTorch eager", Precision.FLOAT32),
            Variant.of("compile", "PyTorch compile", Precision.FLOAT32),
            Variant.of("bf16", "PyTorch eager", Precision.BFLOAT16),
            Variant.of("compile_bf16", "PyTorch compile", Precision.BFLOAT16)),
        List.of(python.toString(), children.resolve("pytorch/child.py").toString()),
        Map.of("OMP_NUM_THREADS", "THREADS"));
  }

  private void addJava(
      String key,
      String name,
      String childClass,
      List<Variant> variants,
      Map<String, String> environment) {
    Path jars = peers.resolve(key);
    String classPath =
        String.join(
            File.pathSeparator,
            children.resolve(key + "/classes").toString(),
            jars + "/*",
            ownClasses());
    Engine engine =
        new Engine(
            key,
            name,
            variants,
            List.of(java(), "-cp", classPath, "dev.fovea.benchmarks.peers." + childClass),
            environment);
    add(engine, Files.isDirectory(jars));
  }

  /** Where this package comes from: peers' children need the lines' server, and no more of it. */
  private static String ownClasses() {
    try {
      return Path.of(BlockServer.class.getProtectionDomain().getCodeSource().getLocation().toURI())
          .toString();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }
}
