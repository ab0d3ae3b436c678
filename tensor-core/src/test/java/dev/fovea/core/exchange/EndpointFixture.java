package dev.fovea.core.exchange;

import dev.fovea.core.optimizer.OptimizerState;
import dev.fovea.core.optimizer.Sgd;
import dev.fovea.core.runtime.Mode;
import dev.fovea.core.runtime.NetworkDescription;
import dev.fovea.core.runtime.NetworkDescription.Bucket;
import dev.fovea.core.runtime.NetworkDescription.ParameterInfo;
import dev.fovea.core.schedule.LearningRateSchedule;
import dev.fovea.core.tensor.AlignedMemory;
import dev.fovea.core.tensor.StepSums;
import dev.fovea.core.tensor.Weights;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * An endpoint over a network of two Dense layers, one bucket each, and messages of ranks that need
 * no replica. The optimizer is plain descent at rate 0.5, so that new weights can be worked out by
 * hand.
 */
class EndpointFixture implements ExchangeListener {
  static final String NETWORK =
      """
      # fovea network 1
      in Input shape=3
      hidden Dense units=4
      out Dense units=2
      label Target shape=1
      loss SoftmaxCrossEntropy from=out,label
      """;
  static final NetworkDescription DESCRIPTION =
      NetworkDescription.of(NETWORK, Mode.TRAIN, List.of(), 1, 1, 1);
  static final int BUCKETS = DESCRIPTION.buckets().size();
  static final String FIT = "fit";

  final Weights weights = Weights.allocate(DESCRIPTION.weightCount());
  final List<StepReport> steps = new ArrayList<>();
  final List<EpochReport> epochs = new ArrayList<>();
  final List<Group> groups = new ArrayList<>();
  final DriverEndpoint endpoint;
  boolean hasMovedRows;
  private ShardMap shards;
  private int group;

  /** An endpoint whose ranks have said hello, with 50 rows each and 10 rows a step. */
  static EndpointFixture started(int ranks) {
    EndpointFixture fixture = new EndpointFixture(ranks, 10, 1);
    for (int rank = 0; rank < ranks; rank++) {
      fixture.sendHello(rank, 50, 0);
    }
    return fixture;
  }

  EndpointFixture(int ranks, int batchSize, int maxEpochs) {
    this(ranks, batchSize, maxEpochs, "Constant");
  }

  EndpointFixture(int ranks, int batchSize, int maxEpochs, String schedule) {
    ExchangePlan plan =
        new ExchangePlan(
            FIT,
            NETWORK,
            DESCRIPTION,
            1,
            42,
            batchSize,
            maxEpochs,
            0.5,
            LearningRateSchedule.parse(schedule),
            "1",
            false);
    OptimizerState optimizer = new OptimizerState(new Sgd(0), DESCRIPTION);
    endpoint = new DriverEndpoint(plan, weights, optimizer, this);
    beginGroup(ranks);
  }

  /** So many ranks from now on; their hellos and parts carry the number of the group. */
  final void beginGroup(int ranks) {
    beginGroup(ranks, RelayMap.none(ranks));
  }

  final int beginGroup(int ranks, RelayMap relays) {
    shards = ShardMap.even(ranks);
    group = endpoint.beginGroup(shards, relays);
    return group;
  }

  @Override
  public void onMovedRows() {
    hasMovedRows = true;
  }

  @Override
  public void onGroup(Group begun) {
    groups.add(begun);
  }

  @Override
  public void onStep(StepReport report) {
    steps.add(report);
  }

  @Override
  public void onEpoch(EpochReport report) {
    epochs.add(report);
  }

  Hello hello(int rank, long rows, long validationRows) {
    return hello(rank, 0, rows, validationRows);
  }

  Hello hello(int rank, int attempt, long rows, long validationRows) {
    return new Hello(
        FIT, group, rank, attempt, "executor", evenly(rank, rows), validationRows, "avx2", "1");
  }

  /** The rows of a rank over its shards: n ranks with the rows of one have the same shards. */
  private List<Long> evenly(int rank, long rows) {
    int first = rank < shards.ranks() ? shards.first(rank) : 0;
    int owned = rank < shards.ranks() ? shards.end(rank) - first : 1;
    return LongStream.range(0, owned)
        .mapToObj(shard -> (shard + 1) * rows / owned - shard * rows / owned)
        .toList();
  }

  Recorded<Config> sendHello(int rank, long rows, long validationRows) {
    Recorded<Config> answer = new Recorded<>();
    endpoint.hello(hello(rank, rows, validationRows), answer);
    return answer;
  }

  /** A part whose gradient is {@code value} everywhere, summed over {@code rows} rows. */
  GradientPart part(long step, int rank, int bucket, int rows, float value) {
    ByteBuffer floats =
        AlignedMemory.allocate(DESCRIPTION.buckets().get(bucket).count() * Float.BYTES);
    while (floats.hasRemaining()) {
      floats.putFloat(value);
    }
    StepSums sums = new StepSums(rows, 2.0 * rows, rows / 2.0);
    return new GradientPart(group, step, rank, bucket, sums, 1, floats.flip());
  }

  Recorded<WeightsPart> send(GradientPart part) {
    Recorded<WeightsPart> answer = new Recorded<>();
    endpoint.gradient(part, answer);
    return answer;
  }

  /** All buckets of one rank; the answers in the order of the buckets. */
  List<Recorded<WeightsPart>> sendAll(long step, int rank, int rows, float value) {
    return IntStream.range(0, BUCKETS)
        .mapToObj(bucket -> send(part(step, rank, bucket, rows, value)))
        .toList();
  }

  Recorded<Position> sendEvaluation(long epoch, int rank, StepSums sums) {
    Recorded<Position> answer = new Recorded<>();
    endpoint.evaluation(new Evaluation(group, epoch, rank, sums), answer);
    return answer;
  }

  /** The parameters that the endpoint would give to a rank that says hello now. */
  float[] beginning() {
    Weights into = Weights.allocate(weights.count());
    for (Bucket bucket : DESCRIPTION.buckets()) {
      Recorded<WeightsPart> answer = new Recorded<>();
      endpoint.weights(new WeightsRequest(group, 0, bucket.index()), answer);
      into.buffer()
          .position((int) bucket.offset() * Float.BYTES)
          .put(answer.message().floats().duplicate());
    }
    float[] parameters = new float[0];
    for (ParameterInfo parameter : DESCRIPTION.parameters()) {
      int before = parameters.length;
      parameters = Arrays.copyOf(parameters, before + (int) parameter.count());
      into.floats().get((int) parameter.offset(), parameters, before, (int) parameter.count());
    }
    return parameters;
  }

  /** First float of the answered bucket. */
  static float first(Recorded<WeightsPart> answer) {
    ByteBuffer floats = answer.message().floats();
    return floats.getFloat(floats.position());
  }
}
