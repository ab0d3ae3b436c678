package dev.fovea.core.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.core.tensor.StepSums;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The driver of four ranks, of which 0 and 2 lead. */
class DriverEndpointTreeTest {
  private static final RelayMap TREE = RelayMap.tree(4);

  private final EndpointFixture fixture = new EndpointFixture(4, 8, 1);

  @Test
  void ranksHearWhereTheirRelayIs() {
    assertThat(join().get(3).message().relays())
        .containsExactly("relay 0", "relay 0", "relay 2", "relay 2");
    assertThat(fixture.groups.get(0).relays()).isEqualTo(TREE);
  }

  @Test
  void leadersAloneCompleteAStep() {
    join();
    fixture.sendAll(1, 0, 4, 1);
    var refused = fixture.send(fixture.part(1, 1, 0, 4, 1));
    var evaluation = fixture.sendEvaluation(0, 3, StepSums.ZERO);
    assertThat(fixture.steps).isEmpty();

    fixture.sendAll(1, 2, 4, 1);

    assertThat(fixture.steps.get(0).sums().weight()).isEqualTo(8);
    assertThat(refused.refusal())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Gradient: expected one of ranks [0, 2], who speak for the others. Received: one of rank 1.");
    assertThat(evaluation.refusal())
        .hasMessage(
            "Evaluation: expected one of ranks [0, 2], who speak for the others. Received: one of rank 3.");
  }

  @Test
  void reportsNameEveryRankWithTheTimesOfItsRelay() {
    join();
    fixture.sendAll(1, 2, 4, 1);
    fixture.sendAll(1, 0, 4, 1);

    List<RankReport> ranks = fixture.epochs.get(0).ranks();
    assertThat(ranks).extracting(RankReport::rank).containsExactly(0, 1, 2, 3);
    assertThat(ranks).extracting(RankReport::rows).containsOnly(2L);
    assertThat(ranks).extracting(RankReport::computeNanos).containsOnly(1L);
    assertThat(ranks.get(1).lagNanos()).isEqualTo(ranks.get(0).lagNanos()).isPositive();
    assertThat(ranks).extracting(RankReport::lagNanos).endsWith(0L, 0L);
  }

  @Test
  void aRankThatIsGoneEndsTheGroupAndTheNextGoesOn() {
    join();
    var pending = fixture.sendAll(1, 0, 4, 1);

    fixture.endpoint.lost(hello(3));

    pending.forEach(
        each -> assertThat(each.message().position().directive()).isEqualTo(Directive.STOP));
    assertThat(fixture.endpoint.isBroken()).isTrue();
    assertThat(fixture.endpoint.isBetweenGroups()).isTrue();
    assertThat(sendHello(3).message().position().directive()).isEqualTo(Directive.STOP);

    assertThat(fixture.beginGroup(4, TREE)).isEqualTo(2);
    assertThat(fixture.endpoint.isBroken()).isFalse();
    IntStream.range(0, 4).forEach(this::sendHello);
    fixture.sendAll(1, 0, 4, 1);
    fixture.sendAll(1, 2, 4, 1);
    assertThat(fixture.steps.get(0).sums().weight()).isEqualTo(8);
    assertThat(fixture.endpoint.isFinished()).isTrue();
    assertThat(fixture.endpoint.isBroken()).isFalse();
  }

  @Test
  void aRankThatIsGoneBeforeAllHaveComeIsWaitedFor() {
    fixture.beginGroup(4, TREE);
    var waiting = sendHello(0);
    sendHello(1);
    fixture.endpoint.lost(hello(1));
    assertThat(fixture.endpoint.isBroken()).isFalse();

    IntStream.range(1, 4).forEach(this::sendHello);

    assertThat(waiting.message().position()).isEqualTo(Position.first());
  }

  @Test
  void aStandByThatIsGoneIsNotMissed() {
    join();
    Hello standBy = fixture.hello(3, 1, 2, 0);
    fixture.endpoint.hello(standBy, new Recorded<>());

    fixture.endpoint.lost(standBy);

    assertThat(fixture.endpoint.isBroken()).isFalse();
  }

  @Test
  void withoutATreeALostRankIsWaitedFor() {
    fixture.beginGroup(4);
    IntStream.range(0, 4).forEach(rank -> fixture.sendHello(rank, 2, 0));

    fixture.endpoint.lost(fixture.hello(3, 2, 0));

    assertThat(fixture.endpoint.isBroken()).isFalse();
    assertThat(fixture.endpoint.isMissingRanks()).isTrue();
  }

  private List<Recorded<Config>> join() {
    fixture.beginGroup(4, TREE);
    return IntStream.range(0, 4).mapToObj(this::sendHello).toList();
  }

  private Recorded<Config> sendHello(int rank) {
    Recorded<Config> answer = new Recorded<>();
    fixture.endpoint.hello(hello(rank), answer);
    return answer;
  }

  private Hello hello(int rank) {
    return fixture.hello(rank, 2, 0).at(rank % 2 == 0 ? "relay " + rank : "");
  }
}
