package dev.fovea.benchmarks.peers;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.fovea.benchmarks.child.BlockServer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Map;
import java.util.Random;

/**
 * ONNX Runtime's child of the benchmark: {@code OnnxRuntimeChild NETWORK THREADS}. It only infers;
 * batch norm is folded into the convolutions, as exporters do. BenchmarkNetworks.java has the same
 * networks.
 */
public final class OnnxRuntimeChild {
  /** A model and the shape of its input; the first size, or for sequences the second, is rows. */
  private record Model(byte[] onnx, int rows, long[] shape) {}

  private OnnxRuntimeChild() {}

  public static void main(String[] arguments) throws Exception {
    int threads = Integer.parseInt(arguments[1]);
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    String about = "ONNX Runtime " + environment.getVersion();
    BlockServer.serve(
        about,
        (variant, mode) -> {
          if (!mode.equals("infer")) {
            throw new UnsupportedOperationException("ONNX Runtime: expected infer.");
          }
          return work(environment, model(arguments[0]), threads);
        });
  }

  private static BlockServer.Work work(OrtEnvironment environment, Model model, int threads)
      throws OrtException {
    OrtSession.SessionOptions options = new OrtSession.SessionOptions();
    options.setIntraOpNumThreads(threads);
    options.setInterOpNumThreads(1);
    options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
    OrtSession session = environment.createSession(model.onnx(), options);
    OnnxTensor input = OnnxTensor.createTensor(environment, normal(model.shape()), model.shape());
    return seconds ->
        BlockServer.repeat(
            () -> {
              try (OrtSession.Result unused = session.run(Map.of(OnnxGraph.INPUT, input))) {
                return model.rows();
              } catch (OrtException e) {
                throw new IllegalStateException(e);
              }
            },
            seconds);
  }

  private static FloatBuffer normal(long[] shape) {
    long count = 1;
    for (long size : shape) {
      count *= size;
    }
    Random random = new Random(2);
    FloatBuffer floats =
        ByteBuffer.allocateDirect((int) (4 * count)).order(ByteOrder.nativeOrder()).asFloatBuffer();
    while (floats.hasRemaining()) {
      floats.put((float) random.nextGaussian());
    }
    return floats.rewind();
  }

  private static Model model(String name) {
    return switch (name) {
      case "lenet5" -> lenet5();
      case "vgg_small" -> vggSmall();
      case "resnet20" -> resnet20();
      case "alexnet" -> alexnet();
      case "lstm_t28_h128" -> lstm(28);
      case "lstm_t64_h128" -> lstm(64);
      default ->
          throw new IllegalArgumentException(
              "Network: expected one of the benchmark's. Received: '" + name + "'.");
    };
  }

  private static Model finish(OnnxGraph g, String logits, int classes, long... shape) {
    int rows = (int) shape[0];
    return new Model(g.model(shape, logits, new long[] {rows, classes}), rows, shape);
  }

  private static Model lenet5() {
    OnnxGraph g = new OnnxGraph();
    String x = g.maxPool(g.relu(g.conv(OnnxGraph.INPUT, 1, 6, 5, 1, 2)), 2, 2);
    x = g.flatten(g.maxPool(g.relu(g.conv(x, 6, 16, 5, 1, 0)), 2, 2));
    x = g.relu(g.dense(g.relu(g.dense(x, 400, 120)), 120, 84));
    return finish(g, g.dense(x, 84, 10), 10, 64, 1, 28, 28);
  }

  private static Model vggSmall() {
    OnnxGraph g = new OnnxGraph();
    String x = OnnxGraph.INPUT;
    int in = 3;
    for (int out = 64; out <= 256; out *= 2) {
      x = g.relu(g.conv(g.relu(g.conv(x, in, out, 3, 1, 1)), out, out, 3, 1, 1));
      x = g.maxPool(x, 2, 2);
      in = out;
    }
    x = g.relu(g.dense(g.flatten(x), 4096, 512));
    return finish(g, g.dense(x, 512, 10), 10, 64, 3, 32, 32);
  }

  private static Model resnet20() {
    OnnxGraph g = new OnnxGraph();
    String x = g.relu(g.conv(OnnxGraph.INPUT, 3, 16, 3, 1, 1));
    int in = 16;
    for (int block = 0; block < 9; block++) {
      int out = 16 << (block / 3);
      int stride = out == in ? 1 : 2;
      String y = g.conv(g.relu(g.conv(x, in, out, 3, stride, 1)), out, out, 3, 1, 1);
      x = g.relu(g.add(y, out == in ? x : g.conv(x, in, out, 1, stride, 0)));
      in = out;
    }
    x = g.flatten(g.globalAveragePool(x));
    return finish(g, g.dense(x, 64, 10), 10, 64, 3, 32, 32);
  }

  private static Model alexnet() {
    OnnxGraph g = new OnnxGraph();
    String x = g.maxPool(g.relu(g.conv(OnnxGraph.INPUT, 3, 64, 11, 4, 2)), 3, 2);
    x = g.maxPool(g.relu(g.conv(x, 64, 192, 5, 1, 2)), 3, 2);
    x = g.relu(g.conv(g.relu(g.conv(x, 192, 384, 3, 1, 1)), 384, 256, 3, 1, 1));
    x = g.flatten(g.maxPool(g.relu(g.conv(x, 256, 256, 3, 1, 1)), 3, 2));
    x = g.relu(g.dense(g.relu(g.dense(x, 9216, 4096)), 4096, 4096));
    return finish(g, g.dense(x, 4096, 1000), 1000, 16, 3, 224, 224);
  }

  private static Model lstm(int steps) {
    OnnxGraph g = new OnnxGraph();
    int rows = 64;
    String logits = g.dense(g.lastLstmState(OnnxGraph.INPUT, rows, 28, 128), 128, 10);
    long[] shape = {steps, rows, 28};
    return new Model(g.model(shape, logits, new long[] {rows, 10}), rows, shape);
  }
}
