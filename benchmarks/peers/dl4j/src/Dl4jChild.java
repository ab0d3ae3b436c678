package dev.fovea.benchmarks.peers;

import dev.fovea.benchmarks.child.BlockServer;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Properties;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/** DL4J's child of the benchmark: {@code Dl4jChild NETWORK THREADS}. */
public final class Dl4jChild {
  private static final Map<String, long[]> SHAPES =
      Map.of(
          "lenet5", new long[] {64, 1, 28, 28},
          "vgg_small", new long[] {64, 3, 32, 32},
          "resnet20", new long[] {64, 3, 32, 32},
          "alexnet", new long[] {16, 3, 224, 224},
          "lstm_t28_h128", new long[] {64, 28, 28},
          "lstm_t64_h128", new long[] {64, 28, 64});

  private Dl4jChild() {}

  public static void main(String[] arguments) throws Exception {
    String name = arguments[0];
    int threads = Integer.parseInt(arguments[1]);
    Nd4j.getEnvironment().setMaxThreads(threads);
    Nd4j.getEnvironment().setMaxMasterThreads(threads);
    BlockServer.serve("DL4J " + version(), (variant, mode) -> work(name, mode.equals("train")));
    System.exit(0); // threads of ND4J would keep the process
  }

  /** As Maven wrote it into the jar. */
  private static String version() throws IOException {
    Properties properties = new Properties();
    try (InputStream text =
        Dl4jChild.class.getResourceAsStream(
            "/META-INF/maven/org.deeplearning4j/deeplearning4j-nn/pom.properties")) {
      properties.load(text);
    }
    return properties.getProperty("version");
  }

  private static BlockServer.Work work(String name, boolean train) {
    ComputationGraph network = Dl4jNetworks.of(name);
    INDArray x = Nd4j.randn(SHAPES.get(name));
    int rows = (int) x.size(0);
    int classes = name.equals("alexnet") ? 1000 : 10;
    INDArray labels = Nd4j.zeros(rows, classes);
    for (int row = 0; row < rows; row++) {
      labels.putScalar(row, row * 7 % classes, 1);
    }
    DataSet batch = new DataSet(x, labels);
    return seconds ->
        BlockServer.repeat(
            () -> {
              if (train) {
                network.fit(batch);
              } else {
                INDArray[] unused = network.output(x);
              }
              return rows;
            },
            seconds);
  }
}
