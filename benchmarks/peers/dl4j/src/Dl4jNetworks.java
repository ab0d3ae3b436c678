package dev.fovea.benchmarks.peers;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.lossfunctions.LossFunctions;

/** The networks of the tables in DL4J: BenchmarkNetworks.java has the same, layer for layer. */
final class Dl4jNetworks {
  private final GraphBuilder graph =
      new NeuralNetConfiguration.Builder()
          .seed(1)
          .updater(new Nesterovs(0.01, 0.9))
          .weightInit(WeightInit.RELU)
          .graphBuilder()
          .addInputs("x");
  private String last = "x";
  private int layers;

  private Dl4jNetworks() {}

  static ComputationGraph of(String name) {
    Dl4jNetworks network = new Dl4jNetworks();
    return switch (name) {
      case "lenet5" ->
          network.chain(
              InputType.convolutional(28, 28, 1),
              10,
              conv(6, 5, 1, 2),
              pool(2, 2),
              conv(16, 5, 1, 0),
              pool(2, 2),
              dense(120),
              dense(84));
      case "vgg_small" -> {
        List<Layer> body = new ArrayList<>();
        for (int filters = 64; filters <= 256; filters *= 2) {
          body.addAll(List.of(conv(filters, 3, 1, 1), conv(filters, 3, 1, 1), pool(2, 2)));
        }
        body.add(dense(512));
        yield network.chain(InputType.convolutional(32, 32, 3), 10, body.toArray(Layer[]::new));
      }
      case "resnet20" -> network.resnet20();
      case "alexnet" ->
          network.chain(
              InputType.convolutional(224, 224, 3),
              1000,
              conv(64, 11, 4, 2),
              pool(3, 2),
              conv(192, 5, 1, 2),
              pool(3, 2),
              conv(384, 3, 1, 1),
              conv(256, 3, 1, 1),
              conv(256, 3, 1, 1),
              pool(3, 2),
              dense(4096),
              dense(4096));
      case "lstm_t28_h128" -> network.chain(InputType.recurrent(28, 28), 10, lstm());
      case "lstm_t64_h128" -> network.chain(InputType.recurrent(28, 64), 10, lstm());
      default ->
          throw new IllegalArgumentException(
              "Network: expected one of the benchmark's. Received: '" + name + "'.");
    };
  }

  private ComputationGraph chain(InputType input, int classes, Layer... body) {
    Arrays.stream(body).forEach(this::then);
    return finish(input, classes);
  }

  private ComputationGraph resnet20() {
    normalised("x", 16, 3, 1, Activation.RELU);
    int in = 16;
    for (int block = 0; block < 9; block++) {
      String src = last;
      int out = 16 << (block / 3);
      int stride = out == in ? 1 : 2;
      normalised(src, out, 3, stride, Activation.RELU);
      String sum = normalised(last, out, 3, 1, Activation.IDENTITY);
      String skip = out == in ? src : normalised(src, out, 1, stride, Activation.IDENTITY);
      last = "add" + block;
      graph.addVertex(last, new ElementWiseVertex(ElementWiseVertex.Op.Add), sum, skip);
      then(new ActivationLayer(Activation.RELU));
      in = out;
    }
    then(new GlobalPoolingLayer(PoolingType.AVG));
    return finish(InputType.convolutional(32, 32, 3), 10);
  }

  /** A convolution without bias, and batch norm; returns its name. */
  private String normalised(
      String src, int filters, int kernel, int stride, Activation activation) {
    last = src;
    then(
        new ConvolutionLayer.Builder(kernel, kernel)
            .stride(stride, stride)
            .padding(kernel / 2, kernel / 2)
            .nOut(filters)
            .hasBias(false)
            .activation(Activation.IDENTITY)
            .build());
    then(new BatchNormalization.Builder().activation(activation).build());
    return last;
  }

  private void then(Layer layer) {
    String name = "layer" + layers++;
    graph.addLayer(name, layer, last);
    last = name;
  }

  private ComputationGraph finish(InputType input, int classes) {
    then(
        new OutputLayer.Builder(LossFunctions.LossFunction.MCXENT)
            .nOut(classes)
            .activation(Activation.SOFTMAX)
            .build());
    ComputationGraph network =
        new ComputationGraph(graph.setOutputs(last).setInputTypes(input).build());
    network.init();
    return network;
  }

  private static Layer conv(int filters, int kernel, int stride, int pad) {
    return new ConvolutionLayer.Builder(kernel, kernel)
        .stride(stride, stride)
        .padding(pad, pad)
        .nOut(filters)
        .activation(Activation.RELU)
        .build();
  }

  private static Layer pool(int kernel, int stride) {
    return new SubsamplingLayer.Builder(SubsamplingLayer.PoolingType.MAX)
        .kernelSize(kernel, kernel)
        .stride(stride, stride)
        .build();
  }

  private static Layer dense(int units) {
    return new DenseLayer.Builder().nOut(units).activation(Activation.RELU).build();
  }

  private static Layer lstm() {
    return new LastTimeStep(
        new LSTM.Builder().nIn(28).nOut(128).activation(Activation.TANH).build());
  }
}
