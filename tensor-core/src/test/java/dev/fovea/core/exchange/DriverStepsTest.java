package dev.fovea.core.exchange;

import static dev.fovea.core.exchange.EndpointFixture.BUCKETS;
import static dev.fovea.core.exchange.EndpointFixture.DESCRIPTION;
import static dev.fovea.core.exchange.EndpointFixture.first;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.core.tensor.StepSums;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What becomes of parts and evaluations. */
class DriverStepsTest {
  private static final int LAST = BUCKETS - 1;

  @Test
  void aBucketIsAnsweredWhenAllRanksPartsAreIn() {
    EndpointFixture fixture = EndpointFixture.started(2);

    Recorded<WeightsPart> zero = fixture.send(fixture.part(1, 0, 0, 6, 3));
    assertThat(zero.isPending()).isTrue();
    Recorded<WeightsPart> one = fixture.send(fixture.part(1, 1, 0, 4, 7));

    // 0 - 0.5 * (3 + 7) / (6 + 4)
    assertThat(first(zero)).isEqualTo(-0.5f);
    assertThat(first(one)).isEqualTo(-0.5f);
    assertThat(zero.message().position()).isEqualTo(new Position(1, 0, 0, Directive.AWAIT));
    assertThat(fixture.steps).isEmpty();
  }

  @Test
  void theLastBucketSaysHowToGoOn() {
    EndpointFixture fixture = EndpointFixture.started(2);

    fixture.sendAll(1, 0, 6, 3);
    List<Recorded<WeightsPart>> answers = fixture.sendAll(1, 1, 4, 7);

    assertThat(answers.get(LAST).message().position())
        .isEqualTo(new Position(2, 0, 1, Directive.STEP));
    assertThat(fixture.steps).hasSize(1);
    StepReport report = fixture.steps.get(0);
    assertThat(report.step()).isEqualTo(1);
    assertThat(report.rows()).isEqualTo(10);
    assertThat(report.loss()).isEqualTo(2);
    assertThat(report.accuracy()).isEqualTo(0.5);
    assertThat(report.learningRate()).isEqualTo(0.5);
  }

  @Test
  void aRankWithoutRowsSendsNoFloatsAndCountsNothing() {
    EndpointFixture fixture = EndpointFixture.started(2);
    GradientPart none = new GradientPart(0, 1, 0, 0, StepSums.ZERO, 1, ByteBuffer.allocate(0));

    fixture.send(none);
    Recorded<WeightsPart> answer = fixture.send(fixture.part(1, 1, 0, 4, 8));

    assertThat(first(answer)).isEqualTo(-1);
  }

  @Test
  void aStepOfRowsThatWeighNothingKeepsTheWeights() {
    EndpointFixture fixture = EndpointFixture.started(1);

    List<Recorded<WeightsPart>> answers = fixture.sendAll(1, 0, 0, 0);

    assertThat(first(answers.get(0))).isZero();
    assertThat(fixture.endpoint.failure()).isEmpty();
  }

  @Test
  void aPartSentTwiceCountsOnceAndIsAnsweredTwice() {
    EndpointFixture fixture = EndpointFixture.started(2);

    Recorded<WeightsPart> before = fixture.send(fixture.part(1, 0, 0, 6, 3));
    Recorded<WeightsPart> again = fixture.send(fixture.part(1, 0, 0, 6, 3));
    assertThat(again.isPending()).isTrue();
    fixture.send(fixture.part(1, 1, 0, 4, 7));
    Recorded<WeightsPart> afterwards = fixture.send(fixture.part(1, 0, 0, 6, 3));

    assertThat(first(before)).isEqualTo(-0.5f);
    assertThat(first(again)).isEqualTo(-0.5f);
    assertThat(first(afterwards)).isEqualTo(-0.5f);
  }

  @Test
  void aLostRankGetsTheWeightsThatTheRunningStepBeganWith() {
    EndpointFixture fixture = EndpointFixture.started(2);
    fixture.sendAll(1, 0, 6, 3);
    fixture.send(fixture.part(1, 1, 0, 4, 7)); // bucket 0 is stepped; then the rank dies
    fixture.endpoint.lost(fixture.hello(1, 50, 0));

    Recorded<Config> back = fixture.sendHello(1, 50, 0);

    assertThat(back.message().position()).isEqualTo(new Position(1, 0, 0, Directive.STEP));
    assertThat(fixture.weights.toArray()).contains(-0.5f);
    assertThat(fixture.beginning()).containsOnly(0);
    List<Recorded<WeightsPart>> answers = fixture.sendAll(1, 1, 4, 7);
    assertThat(answers.get(LAST).message().position().step()).isEqualTo(2);
    assertThat(fixture.beginning()).containsOnly(-0.5f);
  }

  @Test
  void aRankThatWasLostAfterItsLastPartIsAnsweredFromTheStepAfter() {
    EndpointFixture fixture = EndpointFixture.started(2);
    fixture.sendAll(1, 1, 4, 7);
    fixture.endpoint.lost(fixture.hello(1, 50, 0));
    fixture.sendHello(1, 50, 0);
    fixture.sendAll(1, 0, 6, 3); // completes step 1 while rank 1 does it again

    List<Recorded<WeightsPart>> answers = fixture.sendAll(1, 1, 4, 7);

    assertThat(first(answers.get(0))).isEqualTo(-0.5f);
    assertThat(answers.get(0).message().position().directive()).isEqualTo(Directive.AWAIT);
    assertThat(answers.get(LAST).message().position())
        .isEqualTo(new Position(2, 0, 1, Directive.STEP));
    assertThat(fixture.steps).hasSize(1);
  }

  @Test
  void aStalePartIsRefused() {
    EndpointFixture fixture = EndpointFixture.started(1);
    fixture.sendAll(1, 0, 10, 1);
    fixture.sendAll(2, 0, 10, 1);

    assertThat(fixture.send(fixture.part(1, 0, 0, 10, 1)).refusal())
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "Rank 0: expected a gradient of step 3. Received: one of step 1. Say hello again to"
                + " join at the running step.");
    assertThat(fixture.send(fixture.part(4, 0, 0, 10, 1)).refusal())
        .hasMessage(
            "Rank 0: expected a gradient of step 3. Received: one of step 4. Say hello again to"
                + " join at the running step.");
  }

  @Test
  void aPartBeforeTheStartIsRefused() {
    EndpointFixture fixture = new EndpointFixture(2, 10, 1);
    fixture.sendHello(0, 50, 0);

    assertThat(fixture.send(fixture.part(1, 0, 0, 10, 1)).refusal())
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("Gradient: expected a hello of every rank before it. Received: step 1.");
  }

  @Test
  void partsThatDoNotFitAreRefused() {
    EndpointFixture fixture = EndpointFixture.started(1);
    GradientPart shortPart = new GradientPart(0, 1, 0, 0, StepSums.ZERO, 1, ByteBuffer.allocate(4));
    long bytes = DESCRIPTION.buckets().get(0).count() * Float.BYTES;

    assertThat(fixture.send(shortPart).refusal())
        .hasMessage(
            "Rank 0, bucket 0: expected a gradient of "
                + bytes
                + " bytes, or of none. Received: 4.");
    assertThat(
            fixture
                .send(new GradientPart(0, 1, 0, 2, StepSums.ZERO, 1, ByteBuffer.allocate(0)))
                .refusal())
        .hasMessage("Rank 0: expected a bucket 0 to 1. Received: 2.");
    assertThat(
            fixture
                .send(new GradientPart(0, 1, 3, 0, StepSums.ZERO, 1, ByteBuffer.allocate(0)))
                .refusal())
        .hasMessage("Gradient: expected a rank 0 to 0. Received: 3.");
    assertThat(fixture.endpoint.failure()).isEmpty();
  }

  @Test
  void theLastStepOfAnEpochIsShortAndTheLastOfAllStops() {
    EndpointFixture fixture = new EndpointFixture(1, 10, 2);
    fixture.sendHello(0, 15, 0);

    fixture.sendAll(1, 0, 10, 1);
    Recorded<WeightsPart> second = fixture.sendAll(2, 0, 5, 1).get(LAST);
    fixture.sendAll(3, 0, 10, 1);
    Recorded<WeightsPart> fourth = fixture.sendAll(4, 0, 5, 1).get(LAST);

    assertThat(second.message().position()).isEqualTo(new Position(3, 1, 0, Directive.STEP));
    assertThat(fourth.message().position().directive()).isEqualTo(Directive.STOP);
    assertThat(fourth.message().floats().hasRemaining()).isTrue();
    assertThat(fixture.endpoint.isFinished()).isTrue();
    assertThat(fixture.steps).extracting(StepReport::rows).containsExactly(10L, 5L, 10L, 5L);
    assertThat(fixture.epochs).extracting(EpochReport::rows).containsExactly(15L, 15L);
    assertThat(fixture.epochs).extracting(EpochReport::epoch).containsExactly(0L, 1L);
    assertThat(fixture.epochs.get(0).training()).isEqualTo(new StepSums(15, 30, 7.5));
  }

  @Test
  void validationRowsAreEvaluatedByAllRanksAtTheEndOfAnEpoch() {
    EndpointFixture fixture = new EndpointFixture(2, 100, 2);
    fixture.sendHello(0, 50, 8);
    fixture.sendHello(1, 50, 0);

    fixture.sendAll(1, 0, 50, 1);
    Position end = fixture.sendAll(1, 1, 50, 1).get(LAST).message().position();
    assertThat(end).isEqualTo(new Position(2, 0, 1, Directive.EVALUATE));
    assertThat(fixture.epochs).isEmpty();
    Recorded<Position> zero = fixture.sendEvaluation(0, 0, new StepSums(8, 4, 6));
    assertThat(zero.isPending()).isTrue();
    Recorded<Position> one = fixture.sendEvaluation(0, 1, StepSums.ZERO);

    assertThat(zero.message()).isEqualTo(new Position(2, 1, 0, Directive.STEP));
    assertThat(one.message()).isEqualTo(zero.message());
    assertThat(fixture.epochs.get(0).validation()).isEqualTo(new StepSums(8, 4, 6));
    assertThat(fixture.epochs.get(0).validationRows()).isEqualTo(8);
    assertThat(fixture.sendEvaluation(0, 1, StepSums.ZERO).message())
        .as("an evaluation sent again")
        .isEqualTo(zero.message());
    assertThat(fixture.sendEvaluation(1, 1, StepSums.ZERO).refusal())
        .hasMessage(
            "Rank 1: expected what step 2 of epoch 1 needs. Received: an evaluation of epoch 1.");
  }

  @Test
  void anEvaluationOfAnUnknownRankIsRefused() {
    EndpointFixture fixture = EndpointFixture.started(2);

    assertThat(fixture.sendEvaluation(0, 2, StepSums.ZERO).refusal())
        .hasMessage("Evaluation: expected a rank 0 to 1. Received: 2.");
  }

  @Test
  void aRankLostBeforeItsEvaluationFindsTheWeightsOfTheEpochsEnd() {
    EndpointFixture fixture = new EndpointFixture(1, 10, 1);
    fixture.sendHello(0, 10, 4);
    fixture.sendAll(1, 0, 10, 2);
    fixture.endpoint.lost(fixture.hello(0, 10, 4));

    Recorded<Config> back = fixture.sendHello(0, 10, 4);

    assertThat(back.message().position()).isEqualTo(new Position(2, 0, 1, Directive.EVALUATE));
    assertThat(fixture.beginning()).containsOnly(-0.1f);
    assertThat(fixture.sendEvaluation(0, 0, new StepSums(4, 1, 1)).message().directive())
        .isEqualTo(Directive.STOP);
  }

  @Test
  void theLearningRateFollowsTheSchedule() {
    EndpointFixture fixture = new EndpointFixture(1, 10, 3, "Step epochs=1 factor=0.1");
    fixture.sendHello(0, 10, 0);

    for (long step = 1; step <= 3; step++) {
      fixture.sendAll(step, 0, 10, 0);
    }

    assertThat(fixture.steps)
        .extracting(report -> (float) report.learningRate())
        .containsExactly(0.5f, 0.05f, 0.005f);
  }
}
