package dev.fovea.core.exchange;

import static dev.fovea.core.exchange.EndpointFixture.BUCKETS;
import static dev.fovea.core.exchange.EndpointFixture.DESCRIPTION;
import static dev.fovea.core.exchange.EndpointFixture.first;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.core.optimizer.OptimizerState;
import dev.fovea.core.optimizer.Sgd;
import dev.fovea.core.tensor.StepSums;
import dev.fovea.core.tensor.Weights;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DriverEndpointTest {
  private static final int LAST = BUCKETS - 1;

  @Test
  void theFixtureHasABucketForEachLayer() {
    assertThat(BUCKETS).isEqualTo(2);
  }

  @Test
  void helloIsAnsweredWhenAllRanksHaveSaidIt() {
    EndpointFixture fixture = new EndpointFixture(2, 10, 1);

    Recorded<Config> one = fixture.sendHello(1, 30, 5);
    assertThat(one.isPending()).isTrue();
    Recorded<Config> zero = fixture.sendHello(0, 70, 0);

    assertThat(one.message()).isEqualTo(zero.message());
    Config config = zero.message();
    assertThat(config.rowsOfShards()).hasSize(ShardMap.SHARDS);
    assertThat(config.rowsOfShards().stream().mapToLong(Long::longValue).sum()).isEqualTo(100);
    assertThat(fixture.groups)
        .containsExactly(
            new Group(
                0,
                List.of("executor", "executor"),
                List.of(70L, 30L),
                RelayMap.none(2),
                Position.first()));
    assertThat(config.ranks()).isEqualTo(2);
    assertThat(config.position()).isEqualTo(new Position(1, 0, 0, Directive.STEP));
    assertThat(config.buckets()).isEqualTo(DESCRIPTION.buckets());
    assertThat(config.shares(0).stepsPerEpoch()).isEqualTo(10);
  }

  @Test
  void aRankThatLeavesBeforeTheStartIsWaitedForAgain() {
    EndpointFixture fixture = new EndpointFixture(2, 10, 1);
    fixture.sendHello(0, 50, 0);
    fixture.endpoint.lost(fixture.hello(0, 50, 0));

    Recorded<Config> one = fixture.sendHello(1, 50, 0);
    assertThat(one.isPending()).isTrue();
    fixture.sendHello(0, 50, 0);

    assertThat(one.message().position()).isEqualTo(Position.first());
  }

  @Test
  void aSecondAttemptOfARankThatIsThereWaitsAsAStandBy() {
    EndpointFixture fixture = new EndpointFixture(2, 10, 1);
    Recorded<Config> first = fixture.sendHello(0, 50, 0);
    Recorded<Config> second = new Recorded<>();
    fixture.endpoint.hello(fixture.hello(0, 1, 50, 0), second);

    fixture.sendHello(1, 50, 0);

    assertThat(first.message().position()).isEqualTo(Position.first());
    assertThat(second.isPending()).isTrue();
    fixture.endpoint.lost(fixture.hello(0, 50, 0));
    assertThat(second.message()).isEqualTo(first.message());
  }

  @Test
  void aStandByThatIsLostTakesNobodysPlace() {
    EndpointFixture fixture = new EndpointFixture(2, 10, 1);
    fixture.sendHello(0, 50, 0);
    Recorded<Config> second = new Recorded<>();
    fixture.endpoint.hello(fixture.hello(0, 1, 50, 0), second);
    fixture.endpoint.lost(fixture.hello(0, 1, 50, 0));

    Recorded<Config> one = fixture.sendHello(1, 50, 0);
    fixture.endpoint.lost(fixture.hello(0, 50, 0));

    assertThat(one.message().position()).isEqualTo(Position.first());
    assertThat(second.isPending()).isTrue();
    assertThat(fixture.endpoint.presentRanks()).isEqualTo(1);
    assertThat(fixture.endpoint.isMissingRanks()).isTrue();
  }

  @Test
  void anotherGroupGoesOnInTheMiddleOfAStep() {
    EndpointFixture fixture = started(2);
    fixture.sendAll(1, 0, 6, 3);
    Recorded<WeightsPart> stepped = fixture.send(fixture.part(1, 1, 0, 4, 7));
    fixture.endpoint.lost(fixture.hello(1, 50, 0)); // and it never comes back

    fixture.beginGroup(1);
    Recorded<Config> hello = fixture.sendHello(0, 100, 0);
    float[] beginning = fixture.beginning();
    List<Recorded<WeightsPart>> answers = fixture.sendAll(1, 0, 10, 1);

    assertThat(first(stepped)).isEqualTo(-0.5f);
    assertThat(hello.message().position()).isEqualTo(Position.first());
    assertThat(beginning).containsOnly(0);
    assertThat(first(answers.get(0))).as("a bucket that was stepped").isEqualTo(-0.5f);
    assertThat(first(answers.get(LAST))).isEqualTo(-0.05f);
    assertThat(answers.get(LAST).message().position())
        .isEqualTo(new Position(2, 0, 1, Directive.STEP));
    assertThat(fixture.groups).hasSize(2);
    assertThat(fixture.groups.get(1).rowsOfRanks()).containsExactly(100L);
  }

  @Test
  void aLastBucketThatWasSteppedBeforeTheGroupIsNotSteppedAgain() {
    EndpointFixture fixture = started(2);
    fixture.send(fixture.part(1, 0, LAST, 6, 3));
    Recorded<WeightsPart> stepped = fixture.send(fixture.part(1, 1, LAST, 4, 7));
    assertThat(stepped.isPending()).as("the last answer says how to go on").isTrue();

    fixture.beginGroup(1);
    fixture.sendHello(0, 100, 0);
    List<Recorded<WeightsPart>> answers = fixture.sendAll(1, 0, 10, 1);

    assertThat(first(answers.get(LAST))).isEqualTo(-0.5f);
    assertThat(answers.get(LAST).message().position().step()).isEqualTo(2);
    assertThat(fixture.steps).hasSize(1);
  }

  @Test
  void theRanksOfTheLastGroupAreToldToLeave() {
    EndpointFixture fixture = started(2);
    GradientPart late = fixture.part(1, 1, 0, 4, 7);
    Hello lateHello = fixture.hello(1, 1, 50, 0);
    Recorded<WeightsPart> waiting = fixture.send(fixture.part(1, 0, 0, 6, 3));

    fixture.beginGroup(1);

    assertThat(waiting.message().position().directive()).isEqualTo(Directive.STOP);
    assertThat(fixture.send(late).message().position().directive()).isEqualTo(Directive.STOP);
    Recorded<Config> answer = new Recorded<>();
    fixture.endpoint.hello(lateHello, answer);
    assertThat(answer.message().position().directive()).isEqualTo(Directive.STOP);
    assertThat(fixture.endpoint.isFinished()).isFalse();
    assertThat(fixture.endpoint.failure()).isEmpty();
  }

  @Test
  void aRegroupThatWasAskedForWaitsForTheEndOfTheEpoch() {
    EndpointFixture fixture = new EndpointFixture(1, 10, 2);
    fixture.sendHello(0, 20, 0);
    fixture.endpoint.requestRegroup();

    Recorded<WeightsPart> one = fixture.sendAll(1, 0, 10, 1).get(LAST);
    Recorded<WeightsPart> two = fixture.sendAll(2, 0, 10, 1).get(LAST);
    fixture.beginGroup(2);
    fixture.sendHello(0, 10, 0);
    Recorded<Config> back = fixture.sendHello(1, 10, 0);

    assertThat(one.message().position().directive()).isEqualTo(Directive.STEP);
    assertThat(two.message().position().directive()).isEqualTo(Directive.STOP);
    assertThat(back.message().position()).isEqualTo(new Position(3, 1, 0, Directive.STEP));
    assertThat(fixture.epochs).hasSize(1);
  }

  @Test
  void aTrainingGoesOnFromTheStateOfAnother() {
    List<TrainingState> states = new ArrayList<>();
    EndpointFixture first =
        new EndpointFixture(1, 10, 2) {
          @Override
          public void onState(TrainingState state) {
            states.add(state.copy());
          }
        };
    first.sendHello(0, 20, 0);
    for (long step = 1; step <= 4; step++) {
      first.sendAll(step, 0, 10, step);
    }

    EndpointFixture second = new EndpointFixture(1, 10, 2);
    second.endpoint.resume(states.get(2));
    Recorded<Config> hello = second.sendHello(0, 20, 0);
    second.sendAll(4, 0, 10, 4);

    assertThat(states)
        .extracting(TrainingState::position)
        .containsExactly(
            new Position(2, 0, 1, Directive.STEP),
            new Position(3, 1, 0, Directive.STEP),
            new Position(4, 1, 1, Directive.STEP),
            new Position(5, 1, 2, Directive.STOP));
    assertThat(states).extracting(TrainingState::rows).containsOnly(20L);
    assertThat(hello.message().position()).isEqualTo(new Position(4, 1, 1, Directive.STEP));
    assertThat(second.weights.toArray()).isEqualTo(first.weights.toArray());
    assertThat(second.endpoint.isFinished()).isTrue();
    assertThat(second.epochs).hasSize(1);
    assertThat(second.epochs.get(0).training()).isEqualTo(first.epochs.get(1).training());
  }

  @Test
  void aResumedTrainingWithOtherRowsIsRefused() {
    EndpointFixture first = new EndpointFixture(1, 10, 2);
    Weights weights = first.weights.copy();
    EndpointFixture second = new EndpointFixture(1, 10, 2);
    second.endpoint.resume(
        new TrainingState(
            Position.first(),
            30,
            RunningEpoch.NONE,
            weights,
            new OptimizerState(new Sgd(0), DESCRIPTION).memory()));

    second.sendHello(0, 20, 0);

    assertThat(second.endpoint.failure().orElseThrow())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Training: expected the 30 training rows of the checkpoint. Received: 20. Give fit the"
                + " DataFrame that the training began with, or leave resumeFrom out.");
  }

  @Test
  void aGroupWithOtherRowsFailsTheTraining() {
    EndpointFixture fixture = started(2);
    fixture.beginGroup(1);

    fixture.sendHello(0, 99, 0);

    assertThat(fixture.endpoint.failure().orElseThrow())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Group 1: expected the 100 training and 0 validation rows of the first group. Received:"
                + " 99 and 0, or others. Give fit a DataFrame that is the same each time it is"
                + " computed, or persist it.");
  }

  @Test
  void aBucketIsAnsweredWhenAllRanksPartsAreIn() {
    EndpointFixture fixture = started(2);

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
    EndpointFixture fixture = started(2);

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
    EndpointFixture fixture = started(2);
    GradientPart none = new GradientPart(0, 1, 0, 0, StepSums.ZERO, 1, ByteBuffer.allocate(0));

    fixture.send(none);
    Recorded<WeightsPart> answer = fixture.send(fixture.part(1, 1, 0, 4, 8));

    assertThat(first(answer)).isEqualTo(-1);
  }

  @Test
  void aStepOfRowsThatWeighNothingKeepsTheWeights() {
    EndpointFixture fixture = started(1);

    List<Recorded<WeightsPart>> answers = fixture.sendAll(1, 0, 0, 0);

    assertThat(first(answers.get(0))).isZero();
    assertThat(fixture.endpoint.failure()).isEmpty();
  }

  @Test
  void aPartSentTwiceCountsOnceAndIsAnsweredTwice() {
    EndpointFixture fixture = started(2);

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
    EndpointFixture fixture = started(2);
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
    EndpointFixture fixture = started(2);
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
    EndpointFixture fixture = started(1);
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
    EndpointFixture fixture = started(1);
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
  void helloesThatDoNotFitAreRefused() {
    EndpointFixture fixture = started(2);

    assertThat(refusal(fixture, fixture.hello(0, 49, 0)))
        .isEqualTo(
            "Rank 0: expected the 50 training and 0 validation rows of its first attempt. Received:"
                + " 49 and 0 (attempt 0), or others. Give fit a DataFrame that is the same each time it is"
                + " computed, or persist it.");
    assertThat(refusal(fixture, fixture.hello(2, 50, 0)))
        .isEqualTo("Hello: expected a rank 0 to 1. Received: 2.");
    assertThat(refusal(fixture, new Hello("other", 0, 0, 0, "executor", halves(), 0, "avx2", "1")))
        .isEqualTo("Hello: expected fit fit. Received: other.");
    assertThat(refusal(fixture, new Hello("fit", 0, 0, 0, "executor", halves(), 0, "avx2", "2")))
        .isEqualTo(
            "Rank 0: expected version 1 of the native library, as on the driver. Received: 2"
                + " (executor executor). Give every executor the same jar.");
  }

  @Test
  void noTrainingRowsFailTheTraining() {
    EndpointFixture fixture = new EndpointFixture(1, 10, 1);

    Recorded<Config> answer = fixture.sendHello(0, 0, 3);

    assertThat(answer.message().position().directive()).isEqualTo(Directive.STOP);
    assertThat(fixture.endpoint.failure().orElseThrow())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Training: expected at least one training row. Received: none.");
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
    EndpointFixture fixture = started(2);

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

  @Test
  void aFailureStopsEveryRankAndIsKept() {
    EndpointFixture fixture = started(2);
    Recorded<WeightsPart> waiting = fixture.send(fixture.part(1, 0, 0, 6, 3));
    IllegalStateException cause = new IllegalStateException("first");

    fixture.endpoint.fail(cause);
    fixture.endpoint.fail(new IllegalStateException("second"));

    assertThat(waiting.message().position().directive()).isEqualTo(Directive.STOP);
    assertThat(waiting.message().floats().hasRemaining()).isFalse();
    assertThat(fixture.send(fixture.part(1, 1, 0, 4, 7)).message().position().directive())
        .isEqualTo(Directive.STOP);
    assertThat(fixture.sendHello(1, 50, 0).message().position().directive())
        .isEqualTo(Directive.STOP);
    assertThat(fixture.endpoint.failure()).containsSame(cause);
    assertThat(fixture.endpoint.isFinished()).isFalse();
  }

  @Test
  void whatAListenerThrowsFailsTheTraining() {
    IllegalStateException cause = new IllegalStateException("enough");
    EndpointFixture fixture =
        new EndpointFixture(1, 10, 5) {
          @Override
          public void onEpoch(EpochReport report) {
            throw cause;
          }
        };
    fixture.sendHello(0, 10, 0);

    Recorded<WeightsPart> answer = fixture.sendAll(1, 0, 10, 1).get(LAST);

    assertThat(answer.message().position().directive()).isEqualTo(Directive.STOP);
    assertThat(fixture.endpoint.failure()).containsSame(cause);
  }

  @Test
  void closingStopsTheRanksWithoutAFailureAndIsSafeTwice() {
    EndpointFixture fixture = new EndpointFixture(2, 10, 1);
    Recorded<Config> waiting = fixture.sendHello(0, 50, 0);

    fixture.endpoint.close();
    fixture.endpoint.close();

    assertThat(waiting.message().position().directive()).isEqualTo(Directive.STOP);
    assertThat(fixture.endpoint.failure()).isEmpty();
    assertThat(fixture.endpoint.isFinished()).isFalse();
  }

  /** An endpoint whose ranks have said hello, with 50 rows each and 10 rows a step. */
  private static EndpointFixture started(int ranks) {
    EndpointFixture fixture = new EndpointFixture(ranks, 10, 1);
    for (int rank = 0; rank < ranks; rank++) {
      fixture.sendHello(rank, 50, 0);
    }
    return fixture;
  }

  /** 50 rows over the 32 shards of a rank of two. */
  private static List<Long> halves() {
    return new EndpointFixture(2, 10, 1).hello(0, 50, 0).rowsOfShards();
  }

  private static String refusal(EndpointFixture fixture, Hello hello) {
    Recorded<Config> answer = new Recorded<>();
    fixture.endpoint.hello(hello, answer);
    return answer.refusal().getMessage();
  }
}
