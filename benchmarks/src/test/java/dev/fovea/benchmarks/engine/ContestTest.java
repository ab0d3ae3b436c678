package dev.fovea.benchmarks.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ContestTest {
  private final Contest<String> contest = new Contest<>();

  @Test
  void theRateIsTheMedianOfTheRounds() {
    add("odd", 3, 1, 2);
    add("even", 4, 1, 3, 2);

    assertThat(contest.rate("odd")).contains(2.0);
    assertThat(contest.rate("even")).contains(2.5);
    assertThat(contest.rate("absent")).isEmpty();
  }

  @Test
  void whatSlowsAWholeRoundLeavesTheRatioAlone() {
    add("ours", 200, 20, 220, 200, 2);
    add("theirs", 100, 10, 100, 110, 1);

    assertThat(contest.ratio("ours", "theirs")).isEqualTo(2);
  }

  @Test
  void theBestOfSomeHasTheLargestMedian() {
    add("a1", 1, 1, 100);
    add("a2", 2, 2, 2);
    add("b", 3, 3, 3);

    assertThat(contest.best(name -> name.startsWith("a"))).contains("a2");
    assertThat(contest.best(name -> name.startsWith("c"))).isEmpty();
  }

  @Test
  void whoIsRemovedTakesNoPart() {
    add("a", 1);
    contest.remove("a");

    assertThat(contest.rate("a")).isEmpty();
  }

  private void add(String name, double... rates) {
    for (double rate : rates) {
      contest.add(name, rate);
    }
  }
}
