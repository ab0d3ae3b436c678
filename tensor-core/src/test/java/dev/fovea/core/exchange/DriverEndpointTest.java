package dev.fovea.core.exchange;

import static dev.fovea.core.exchange.EndpointFixture.BUCKETS;
import static dev.fovea.core.exchange.EndpointFixture.DESCRIPTION;
import static dev.fovea.core.exchange.EndpointFixture.first;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.core.optimizer.OptimizerState;
import dev.fovea.core.optimizer.Sgd;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How a training begins, goes on from another, and ends. */
class DriverEndpointTest {
  private static final int LAST = BUCKETS - 1;

  @Test
  void theFixtureHasABucketForEachLayer() {
    assertThat(BUCKETS).isEqualTo(2);
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
    assertThat(states).extracting(TrainingState::rowsOfShards).containsOnly(rowsOfShards(20));
    assertThat(hello.message().position()).isEqualTo(new Position(4, 1, 1, Directive.STEP));
    assertThat(second.weights.toArray()).isEqualTo(first.weights.toArray());
    assertThat(second.endpoint.isFinished()).isTrue();
    assertThat(second.epochs).hasSize(1);
    assertThat(second.epochs.get(0).training()).isEqualTo(first.epochs.get(1).training());
  }

  @Test
  void aResumedTrainingWithMoreOrFewerRowsIsRefused() {
    assertThat(resumed(rowsOfShards(30)).endpoint.failure().orElseThrow())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Training: expected the 30 training rows of the checkpoint. Received: 20. Give fit the"
                + " DataFrame that the training began with, or leave resumeFrom out.");
  }

  @Test
  void aResumedTrainingWhoseRowsHaveMovedSaysSoAndGoesOn() {
    List<Long> moved = new ArrayList<>(rowsOfShards(20));
    Collections.reverse(moved);
    assertThat(moved).isNotEqualTo(rowsOfShards(20));

    EndpointFixture fixture = resumed(moved);
    assertThat(fixture.endpoint.failure()).isEmpty();
    assertThat(fixture.hasMovedRows).isTrue();
    assertThat(resumed(rowsOfShards(20)).hasMovedRows).isFalse();
  }

  @Test
  void aFailureStopsEveryRankAndIsKept() {
    EndpointFixture fixture = EndpointFixture.started(2);
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
    Exception cause = new IOException("as Scala throws it, undeclared");
    EndpointFixture fixture =
        new EndpointFixture(1, 10, 5) {
          @Override
          public void onEpoch(EpochReport report) {
            throw DriverEndpointTest.<RuntimeException>undeclared(cause);
          }
        };
    fixture.sendHello(0, 10, 0);

    Recorded<WeightsPart> answer = fixture.sendAll(1, 0, 10, 1).get(LAST);

    assertThat(answer.message().position().directive()).isEqualTo(Directive.STOP);
    assertThat(fixture.endpoint.failure()).containsSame(cause);
  }

  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // Erased: throws it unchanged.
  private static <E extends Throwable> RuntimeException undeclared(Throwable cause) throws E {
    throw (E) cause;
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

  /** A training that went on from one with such rows, when its 20 rows are there. */
  private static EndpointFixture resumed(List<Long> rowsOfShards) {
    EndpointFixture fixture = new EndpointFixture(1, 10, 2);
    fixture.endpoint.resume(
        new TrainingState(
            Position.first(),
            rowsOfShards,
            RunningEpoch.NONE,
            fixture.weights.copy(),
            new OptimizerState(new Sgd(0), DESCRIPTION).memory()));
    fixture.sendHello(0, 20, 0);
    return fixture;
  }

  private static List<Long> rowsOfShards(long rows) {
    return new EndpointFixture(1, 10, 2).hello(0, rows, 0).rowsOfShards();
  }
}
