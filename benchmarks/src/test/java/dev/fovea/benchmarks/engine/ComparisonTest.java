package dev.fovea.benchmarks.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fovea.benchmarks.engine.Comparison.Contender;
import dev.fovea.benchmarks.engine.Comparison.Timing;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The conversation with real processes; the engine is {@link FakeChild}. */
class ComparisonTest {
  private static final Timing TIMING = new Timing(0.125, 3);
  // The warm-up of a child is 4 calls; a fake rate counts the calls after 100 a thread.
  private static final double MIDDLE_ROUND = 206;

  @Test
  void everyVariantHasItsTurns() {
    Engine fake = FakeChild.engine("works", "works_too");
    try (Comparison comparison = new Comparison(List.of(fake), "any", 2, TIMING)) {
      Contest<Contender> contest = comparison.measure(Mode.TRAIN, Precision.FLOAT32);

      assertThat(comparison.about(fake)).contains("Fake 1.0 on 2");
      assertThat(contest.rate(contender(fake, 0))).contains(MIDDLE_ROUND);
      assertThat(contest.rate(contender(fake, 1))).contains(MIDDLE_ROUND);
      assertThat(comparison.failures()).isEmpty();
    }
  }

  @Test
  void anEngineIsNotAskedForWhatItCannotDo() {
    Engine fake = FakeChild.engine("works");
    try (Comparison comparison = new Comparison(List.of(fake), "any", 1, TIMING)) {
      Contest<Contender> contest = comparison.measure(Mode.TRAIN, Precision.BFLOAT16);

      assertThat(contest.best(contender -> true)).isEmpty();
      assertThat(comparison.failures()).isEmpty();
    }
  }

  @Test
  void aVariantThatFailsLeavesTheOthersToGoOn() {
    Engine fake = FakeChild.engine("refused", "works");
    try (Comparison comparison = new Comparison(List.of(fake), "any", 2, TIMING)) {
      Contest<Contender> contest = comparison.measure(Mode.INFER, Precision.FLOAT32);

      assertThat(contest.rate(contender(fake, 0))).isEmpty();
      assertThat(contest.rate(contender(fake, 1))).contains(MIDDLE_ROUND);
      assertThat(comparison.failures())
          .containsExactly(
              "any, refused: Fake (any, 2 threads): expected 'ready'. Received: failed cannot do"
                  + " this");
    }
  }

  @Test
  void aProcessThatDiesIsLeftOut() {
    Engine fake = FakeChild.engine("dies");
    try (Comparison comparison = new Comparison(List.of(fake), "any", 1, TIMING)) {
      Contest<Contender> contest = comparison.measure(Mode.INFER, Precision.FLOAT32);

      assertThat(contest.best(contender -> true)).isEmpty();
      assertThat(comparison.failures())
          .containsExactly(
              "any, dies: Fake (any, 1 threads): expected 'rate'. Received: (end of output) (a"
                  + " library prints this where answers go)");
    }
  }

  @Test
  void aProcessThatDoesNotStartSaysItsLastWords() {
    try (Comparison comparison =
        new Comparison(List.of(FakeChild.engine("works")), "never", 1, TIMING)) {
      assertThat(comparison.failures())
          .containsExactly(
              "Fake (never, 1 threads): expected 'ready'. Received: (end of output) (no such"
                  + " network here)");
    }
  }

  @Test
  void whatIsNoAnswerIsShown() {
    assertThatThrownBy(() -> FakeChild.engine("works").start("babble", 1))
        .isInstanceOf(ChildException.class)
        .hasMessage("Fake (babble, 1 threads): expected 'ready'. Received: hello");
  }

  @Test
  void aProgramThatIsNotThereIsSaid() {
    Engine none = new Engine("none", "None", List.of(), List.of("./no-such-program"), Map.of());

    assertThatThrownBy(() -> none.start("any", 1))
        .isInstanceOf(ChildException.class)
        .hasMessageStartingWith("None (any, 1 threads): expected a process. Received: Cannot run");
  }

  @Test
  void theMemoryOfTheProcessIsKnown() throws Exception {
    try (Child child = FakeChild.engine("works").start("any", 1)) {
      assertThat(child.peakMemory()).isBetween(1L << 20, 1L << 33);
    }
  }

  private static Contender contender(Engine engine, int variant) {
    return new Contender(engine, engine.variants().get(variant));
  }
}
