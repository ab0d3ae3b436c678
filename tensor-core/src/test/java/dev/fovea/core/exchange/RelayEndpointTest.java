package dev.fovea.core.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.core.runtime.NetworkDescription.Bucket;
import dev.fovea.core.tensor.AlignedMemory;
import dev.fovea.core.tensor.StepSums;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The relay of ranks 2 and 3 of four, in group 7. */
class RelayEndpointTest {
  private static final int GROUP = 7;
  private static final List<Bucket> BUCKETS = List.of(new Bucket(0, 16, 16), new Bucket(1, 0, 16));
  private static final Config CONFIG =
      new Config(
          "network",
          1,
          8,
          1,
          64,
          BUCKETS,
          Collections.nCopies(ShardMap.SHARDS, 2L),
          ShardMap.even(4),
          List.of("a", "b", "c", "d"),
          List.of("r0", "r0", "r2", "r2"),
          Position.first());
  private static final Position SECOND = new Position(2, 0, 1, Directive.STEP);
  private static final Position STOP = new Position(2, 0, 1, Directive.STOP);

  private final Upstream upstream = new Upstream();
  private final RelayEndpoint relay =
      new RelayEndpoint(GROUP, new RelayMap(List.of(0, 2, 4)), 1, upstream);

  @Test
  void hellosAreAnsweredWithTheConfigOfTheLeader() {
    Recorded<Config> early = hello(3);
    assertThat(early.isPending()).isTrue();

    relay.begin(CONFIG);

    assertThat(early.message()).isSameAs(CONFIG);
    assertThat(hello(2).message()).isSameAs(CONFIG);
  }

  @Test
  void aHelloOfAnotherRelayIsRefused() {
    assertThat(hello(1).refusal())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Relay of rank 2: expected ranks [2, 3] of group 7. Received: rank 1 of group 7.");
  }

  @Test
  void aBucketGoesUpstreamOnceAndItsAnswerToAll() {
    join();
    Recorded<WeightsPart> third = send(1, 3, 0, 5, 30);
    assertThat(upstream.parts).isEmpty();
    Recorded<WeightsPart> second = send(1, 2, 0, 4, 20);

    GradientPart part = upstream.parts.get(0);
    assertThat(upstream.parts).hasSize(1);
    assertThat(part.rank()).isEqualTo(2);
    assertThat(part.group()).isEqualTo(GROUP);
    assertThat(part.sums()).isEqualTo(new StepSums(50, 2, 2));
    assertThat(part.computeNanos()).isEqualTo(30);
    assertThat(upstream.floats.get(0)).containsOnly(9f);
    assertThat(second.isPending()).isTrue();

    WeightsPart answer = answer(0, SECOND.with(Directive.AWAIT));

    assertThat(second.message()).isSameAs(answer);
    assertThat(third.message()).isSameAs(answer);
  }

  @Test
  void theNextStepBeginsWhenAllBucketsAreAnswered() {
    join();
    sendAll(1);
    answer(0, SECOND.with(Directive.AWAIT));
    Recorded<WeightsPart> tooEarly = send(2, 3, 0, 1, 1);
    answer(1, SECOND);
    Recorded<WeightsPart> late = send(1, 3, 0, 1, 1);
    sendAll(2);

    assertThat(tooEarly.refusal())
        .hasMessage("Rank 3: expected a gradient of step 1. Received: one of step 2, bucket 0.");
    assertThat(late.refusal())
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("Rank 3: expected a gradient of step 2. Received: one of step 1, bucket 0.");
    assertThat(upstream.parts).extracting(GradientPart::step).containsExactly(1L, 1L, 2L, 2L);
  }

  @Test
  void aPartThatComesTwiceCountsOnce() {
    join();
    send(1, 3, 0, 5, 30);
    send(1, 3, 0, 5, 30);
    assertThat(upstream.parts).isEmpty();

    send(1, 2, 0, 4, 30);

    assertThat(upstream.floats.get(0)).containsOnly(9f);
  }

  @Test
  void partsThatCannotBeAddedAreRefused() {
    relay.hello(hello(GROUP, 2), new Recorded<>());
    assertThat(send(1, 2, 0, 1, 1).refusal())
        .hasMessage("Relay of rank 2: expected a hello before gradients and evaluations.");
    join();

    assertThat(send(1, 1, 0, 1, 1).refusal())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Gradient: expected one of ranks [2, 3], who speak for the others. Received: one of rank 1.");
    assertThat(send(1, 2, 2, 1, 1).refusal())
        .hasMessage("Rank 2: expected a bucket 0 to 1. Received: 2.");
  }

  @Test
  void weightsAreNotAskedForHere() {
    Recorded<WeightsPart> answer = new Recorded<>();
    relay.weights(new WeightsRequest(GROUP, 3, 0), answer);

    assertThat(answer.refusal())
        .hasMessage(
            "Relay of rank 2: expected gradients and evaluations. Received: a request for weights of rank 3, which are the driver's.");
  }

  @Test
  void evaluationsAreAddedInRankOrder() {
    join();
    Recorded<Position> third = evaluate(3, new StepSums(1, 2, 3));
    Recorded<Position> second = evaluate(2, new StepSums(10, 20, 30));
    assertThat(upstream.evaluation)
        .isEqualTo(new Evaluation(GROUP, 4, 2, new StepSums(11, 22, 33)));

    upstream.evaluationAnswer.give(SECOND);

    assertThat(second.message()).isEqualTo(SECOND);
    assertThat(third.message()).isEqualTo(SECOND);
  }

  @Test
  void aStopFromUpstreamReachesWhoeverWaitsAndWhoeverComes() {
    join();
    List<Recorded<WeightsPart>> told = sendAll(1).subList(0, 2);
    Recorded<WeightsPart> otherBucket = send(1, 2, 1, 1, 1);
    Recorded<Position> evaluating = evaluate(2, StepSums.ZERO);

    answer(0, STOP);

    told.forEach(each -> assertThat(each.message().position()).isEqualTo(STOP));
    assertThat(otherBucket.message().position()).isEqualTo(STOP);
    assertThat(otherBucket.message().floats().hasRemaining()).isFalse();
    assertThat(evaluating.message()).isEqualTo(STOP);
    assertThat(send(1, 3, 1, 1, 1).message().position()).isEqualTo(STOP);
    assertThat(evaluate(3, StepSums.ZERO).message()).isEqualTo(STOP);
    assertThat(hello(3).message().position()).isEqualTo(STOP);
  }

  @Test
  void aRankThatIsLostStopsTheOthers() {
    join();
    Recorded<WeightsPart> waiting = send(1, 2, 0, 1, 1);

    relay.lost(hello(GROUP, 3));

    assertThat(waiting.message().position().directive()).isEqualTo(Directive.STOP);
    assertThat(send(1, 2, 1, 1, 1).message().position().directive()).isEqualTo(Directive.STOP);
    assertThat(upstream.parts).isEmpty();
  }

  @Test
  void aRefusalFromUpstreamReachesWhoeverWaitsAndWhoeverComes() {
    join();
    Recorded<WeightsPart> waiting = send(1, 3, 1, 1, 1);
    List<Recorded<WeightsPart>> sent = List.of(send(1, 2, 0, 1, 1), send(1, 3, 0, 1, 1));
    RuntimeException gone = new IllegalStateException("gone");

    upstream.answers.get(0).refuse(gone);

    assertThat(waiting.refusal()).isSameAs(gone);
    sent.forEach(each -> assertThat(each.refusal()).isSameAs(gone));
    assertThat(send(1, 2, 1, 1, 1).refusal()).isSameAs(gone);
    assertThat(evaluate(2, StepSums.ZERO).refusal()).isSameAs(gone);
  }

  @Test
  void theLeaderWaitsForThoseItHasToldToStop() throws InterruptedException {
    join();
    sendAll(1);
    relay.awaitGone(60_000, () -> false); // Nobody was told to stop.
    answer(0, STOP);
    relay.lost(hello(GROUP, 2));
    Thread leader = new Thread(() -> relay.awaitGone(60_000, () -> false));
    leader.start();
    leader.join(50);
    assertThat(leader.isAlive()).isTrue();

    relay.lost(hello(GROUP, 3));

    leader.join(10_000);
    assertThat(leader.isAlive()).isFalse();
  }

  @Test
  void theLeaderWaitsNoLongerThanItIsLet() {
    join();
    sendAll(1);
    answer(0, STOP);

    relay.awaitGone(20, () -> false);
    relay.awaitGone(60_000, () -> true);

    assertThat(hello(3).message().position()).isEqualTo(STOP);
  }

  private void join() {
    hello(2);
    hello(3);
    relay.begin(CONFIG);
  }

  private Recorded<Config> hello(int rank) {
    Recorded<Config> answer = new Recorded<>();
    relay.hello(hello(GROUP, rank), answer);
    return answer;
  }

  private static Hello hello(int group, int rank) {
    return new Hello("fit", group, rank, 0, "executor", List.of(1L), 0, "avx2", "1");
  }

  private List<Recorded<WeightsPart>> sendAll(long step) {
    return List.of(
        send(step, 2, 0, 1, 1),
        send(step, 3, 0, 1, 1),
        send(step, 2, 1, 1, 1),
        send(step, 3, 1, 1, 1));
  }

  private Recorded<WeightsPart> send(long step, int rank, int bucket, float value, long nanos) {
    ByteBuffer floats = AlignedMemory.allocate(16 * Float.BYTES);
    while (floats.hasRemaining()) {
      floats.putFloat(value);
    }
    Recorded<WeightsPart> answer = new Recorded<>();
    relay.gradient(
        new GradientPart(
            GROUP, step, rank, bucket, new StepSums(rank * 10, 1, 1), nanos, floats.flip()),
        answer);
    return answer;
  }

  private Recorded<Position> evaluate(int rank, StepSums sums) {
    Recorded<Position> answer = new Recorded<>();
    relay.evaluation(new Evaluation(GROUP, 4, rank, sums), answer);
    return answer;
  }

  /** What comes back for the bucket's newest part. */
  private WeightsPart answer(int bucket, Position position) {
    WeightsPart part = new WeightsPart(position, bucket, AlignedMemory.allocate(64));
    for (int i = upstream.parts.size() - 1; i >= 0; i--) {
      if (upstream.parts.get(i).bucket() == bucket) {
        upstream.answers.get(i).give(part);
        return part;
      }
    }
    throw new AssertionError("no part of bucket " + bucket);
  }

  /** Keeps what it is sent. */
  private static final class Upstream implements Endpoint {
    final List<GradientPart> parts = new ArrayList<>();
    final List<float[]> floats = new ArrayList<>();
    final List<Answer<WeightsPart>> answers = new ArrayList<>();
    Evaluation evaluation;
    Answer<Position> evaluationAnswer;

    @Override
    public void gradient(GradientPart part, Answer<WeightsPart> answer) {
      parts.add(part);
      float[] copy = new float[part.floats().remaining() / Float.BYTES];
      part.floats().asFloatBuffer().get(copy);
      floats.add(copy);
      answers.add(answer);
    }

    @Override
    public void evaluation(Evaluation given, Answer<Position> answer) {
      evaluation = given;
      evaluationAnswer = answer;
    }

    @Override
    public void hello(Hello hello, Answer<Config> answer) {
      throw new AssertionError("relays do not pass hellos on");
    }

    @Override
    public void weights(WeightsRequest request, Answer<WeightsPart> answer) {
      throw new AssertionError("relays do not ask for weights");
    }

    @Override
    public void lost(Hello hello) {
      throw new AssertionError("relays do not tell who is lost");
    }
  }
}
