package dev.fovea.benchmarks.peers;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;

/**
 * Writes an ONNX model of random weights, layer after layer. Field numbers are those of onnx.proto,
 * https://github.com/onnx/onnx/blob/main/onnx/onnx.proto. Methods take the names of their inputs
 * and return that of their output.
 */
final class OnnxGraph {
  static final String INPUT = "x";

  private static final int FLOAT = 1; // TensorProto.DataType
  private static final int INT64 = 7;

  private final Message graph = new Message();
  private final Random random = new Random(1);
  private int names;

  /** A protobuf message under construction. */
  private static final class Message {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    Message number(int field, long value) {
      varint((long) field << 3);
      varint(value);
      return this;
    }

    Message bytes(int field, byte[] value) {
      varint((long) field << 3 | 2);
      varint(value.length);
      bytes.writeBytes(value);
      return this;
    }

    Message text(int field, String value) {
      return bytes(field, value.getBytes(StandardCharsets.UTF_8));
    }

    Message message(int field, Message value) {
      return bytes(field, value.bytes.toByteArray());
    }

    private void varint(long value) {
      long rest = value;
      for (; (rest & ~0x7fL) != 0; rest >>>= 7) {
        bytes.write((int) (rest & 0x7f | 0x80));
      }
      bytes.write((int) rest);
    }
  }

  /** A convolution with a bias, as batch norm folded into it leaves it. */
  String conv(String src, int in, int out, int kernel, int stride, int pad) {
    return node(
        "Conv",
        List.of(src, weights(in * kernel * kernel, out, in, kernel, kernel), weights(1e4, out)),
        ints("kernel_shape", kernel, kernel),
        ints("strides", stride, stride),
        ints("pads", pad, pad, pad, pad));
  }

  String relu(String src) {
    return node("Relu", List.of(src));
  }

  String add(String a, String b) {
    return node("Add", List.of(a, b));
  }

  String maxPool(String src, int kernel, int stride) {
    return node(
        "MaxPool",
        List.of(src),
        ints("kernel_shape", kernel, kernel),
        ints("strides", stride, stride));
  }

  String globalAveragePool(String src) {
    return node("GlobalAveragePool", List.of(src));
  }

  String flatten(String src) {
    return node("Flatten", List.of(src), integer("axis", 1));
  }

  String dense(String src, int in, int out) {
    return node(
        "Gemm", List.of(src, weights(in, out, in), weights(1e4, out)), integer("transB", 1));
  }

  /** The last hidden state of one layer, {@code [rows, units]}; src is {@code [T, rows, in]}. */
  String lastLstmState(String src, int rows, int in, int units) {
    String states =
        node(
            "LSTM",
            List.of(
                src,
                weights(units, 1, 4 * units, in),
                weights(units, 1, 4 * units, units),
                weights(1e4, 1, 8 * units)),
            integer("hidden_size", units));
    return node("Reshape", List.of(states + "_last", int64(rows, units)));
  }

  /** The finished model. */
  byte[] model(long[] inputShape, String output, long[] outputShape) {
    graph.text(2, "network");
    graph.message(11, value(INPUT, inputShape));
    graph.message(12, value(output, outputShape));
    Message operators = new Message().text(1, "").number(2, 14); // version of the operator set
    return new Message()
        .number(1, 8) // IR version
        .text(2, "fovea-benchmarks")
        .message(7, graph)
        .message(8, operators)
        .bytes
        .toByteArray();
  }

  private String node(String type, List<String> inputs, Message... attributes) {
    String name = "t" + names++;
    Message node = new Message();
    inputs.forEach(input -> node.text(1, input));
    node.text(2, name);
    if (type.equals("LSTM")) {
      node.text(2, name + "_last");
    }
    node.text(3, name).text(4, type);
    for (Message attribute : attributes) {
      node.message(5, attribute);
    }
    graph.message(1, node);
    return name;
  }

  /** Uniform, of variance 2 / fanIn. */
  private String weights(double fanIn, long... shape) {
    double bound = Math.sqrt(6 / fanIn);
    long count = 1;
    for (long size : shape) {
      count *= size;
    }
    ByteBuffer floats = ByteBuffer.allocate((int) (4 * count)).order(ByteOrder.LITTLE_ENDIAN);
    while (floats.hasRemaining()) {
      floats.putFloat((float) ((2 * random.nextFloat() - 1) * bound));
    }
    return tensor(FLOAT, floats.array(), shape);
  }

  private String int64(long... values) {
    ByteBuffer bytes = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (long value : values) {
      bytes.putLong(value);
    }
    return tensor(INT64, bytes.array(), values.length);
  }

  private String tensor(int type, byte[] data, long... shape) {
    String name = "w" + names++;
    Message tensor = new Message();
    for (long size : shape) {
      tensor.number(1, size);
    }
    graph.message(5, tensor.number(2, type).text(8, name).bytes(9, data));
    return name;
  }

  private static Message ints(String name, long... values) {
    Message attribute = new Message().text(1, name);
    for (long value : values) {
      attribute.number(8, value);
    }
    return attribute.number(20, 7);
  }

  private static Message integer(String name, long value) {
    return new Message().text(1, name).number(3, value).number(20, 2);
  }

  private static Message value(String name, long... shape) {
    Message dimensions = new Message();
    for (long size : shape) {
      dimensions.message(1, new Message().number(1, size));
    }
    Message tensorType = new Message().number(1, FLOAT).message(2, dimensions);
    return new Message().text(1, name).message(2, new Message().message(1, tensorType));
  }
}
