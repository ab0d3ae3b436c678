package dev.fovea.benchmarks.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EventQueueTest {
  private final EventQueue events = new EventQueue();
  private final List<String> happened = new ArrayList<>();

  @Test
  void whatIsEarlierHappensFirst() {
    events.at(2, () -> note("second"));
    events.at(1, () -> note("first"));

    events.run();

    assertThat(happened).containsExactly("1.0 first", "2.0 second");
  }

  @Test
  void ofOneMomentWhatWasAddedFirstHappensFirst() {
    for (String name : List.of("a", "b", "c")) {
      events.at(3, () -> note(name));
    }

    events.run();

    assertThat(happened).containsExactly("3.0 a", "3.0 b", "3.0 c");
  }

  @Test
  void anEventAddsOthersAndNoneOfThemIsInThePast() {
    events.at(
        5,
        () -> {
          events.at(1, () -> note("late"));
          events.at(6, () -> note("next"));
        });

    events.run();

    assertThat(happened).containsExactly("5.0 late", "6.0 next");
  }

  @Test
  void aStationServesOneAfterTheOther() {
    Station link = new Station(events, 1);

    link.serve(2, () -> note("first"));
    link.serve(1, () -> note("second"));
    events.run();

    assertThat(happened).containsExactly("2.0 first", "3.0 second");
  }

  @Test
  void aStationOfTwoServesTwoAtATime() {
    Station processor = new Station(events, 2);

    processor.serve(2, () -> note("first"));
    processor.serve(3, () -> note("second"));
    processor.serve(1, () -> note("third"));
    events.run();

    assertThat(happened).containsExactly("2.0 first", "3.0 second", "3.0 third");
  }

  @Test
  void anIdleStationBeginsAtOnce() {
    Station link = new Station(events, 1);
    link.serve(1, () -> note("first"));
    events.at(4, () -> link.serve(1, () -> note("second")));

    events.run();

    assertThat(happened).containsExactly("1.0 first", "5.0 second");
  }

  private void note(String what) {
    happened.add(events.now() + " " + what);
  }
}
