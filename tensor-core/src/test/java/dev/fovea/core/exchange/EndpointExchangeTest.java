package dev.fovea.core.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fovea.core.tensor.Weights;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class EndpointExchangeTest {
  private final EndpointFixture fixture = new EndpointFixture(2, 10, 1);
  private final AtomicBoolean interrupted = new AtomicBoolean();
  private final EndpointExchange exchange =
      new EndpointExchange(fixture.endpoint, interrupted::get);

  @Test
  void awaitWritesTheNewWeightsOfEveryBucket() {
    fixture.sendHello(1, 50, 0);
    Config config = exchange.hello(fixture.hello(0, 50, 0));
    Weights weights = Weights.allocate(fixture.weights.count());
    Position position = exchange.weights(weights);
    fixture.sendAll(1, 1, 4, 7);
    config.buckets().forEach(bucket -> exchange.average(fixture.part(1, 0, bucket.index(), 6, 3)));

    Position next = exchange.await();

    assertThat(position).isEqualTo(new Position(1, 0, 0, Directive.STEP));
    assertThat(next).isEqualTo(new Position(2, 0, 1, Directive.STEP));
    assertThat(weights.toArray()).isEqualTo(fixture.weights.toArray());
    assertThat(weights.toArray()[0]).isEqualTo(-0.5f);
  }

  @Test
  void aRankThatIsToldToEndLeavesItsWaitSoon() throws InterruptedException {
    Thread caller = Thread.currentThread();
    Thread later =
        new Thread(
            () -> {
              while (caller.getState() != Thread.State.TIMED_WAITING) {
                Thread.onSpinWait();
              }
              interrupted.set(true);
            });
    later.start();
    long began = System.nanoTime();

    assertThatThrownBy(() -> exchange.hello(fixture.hello(0, 50, 0)))
        .isInstanceOf(CancellationException.class)
        .hasMessage("Rank 0: told to end.");

    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(5));
    later.join();
  }

  @Test
  void anInterruptEndsTheWaitAndStaysSet() {
    Thread.currentThread().interrupt();

    assertThatThrownBy(() -> exchange.hello(fixture.hello(0, 50, 0)))
        .isInstanceOf(CancellationException.class)
        .hasMessage("Rank 0: interrupted.");

    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void whatTheDriverRefusesIsThrown() {
    assertThatThrownBy(() -> exchange.hello(fixture.hello(5, 50, 0)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Hello: expected a rank 0 to 1. Received: 5.");
  }

  @Test
  void waitingForNothingIsAMistake() {
    assertThatThrownBy(() -> exchange.await())
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("Exchange: expected parts to wait for. Received: none.");
  }

  @Test
  void aRankThatClosesBeforeTheStartIsMissingAgain() {
    interrupted.set(true);
    assertThatThrownBy(() -> exchange.hello(fixture.hello(0, 50, 0)))
        .isInstanceOf(CancellationException.class);
    exchange.close();
    exchange.close();

    assertThat(fixture.sendHello(1, 50, 0).isPending()).isTrue();
  }
}
