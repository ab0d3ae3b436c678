package dev.fovea.core.exchange;

import static dev.fovea.core.exchange.EndpointFixture.BUCKETS;
import static dev.fovea.core.exchange.EndpointFixture.DESCRIPTION;
import static dev.fovea.core.exchange.EndpointFixture.first;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Who takes part. */
class DriverGroupsTest {
  private static final int LAST = BUCKETS - 1;

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
    EndpointFixture fixture = EndpointFixture.started(2);
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
    EndpointFixture fixture = EndpointFixture.started(2);
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
    EndpointFixture fixture = EndpointFixture.started(2);
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
  void aGroupWithOtherRowsFailsTheTraining() {
    EndpointFixture fixture = EndpointFixture.started(2);
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
  void helloesThatDoNotFitAreRefused() {
    EndpointFixture fixture = EndpointFixture.started(2);

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
