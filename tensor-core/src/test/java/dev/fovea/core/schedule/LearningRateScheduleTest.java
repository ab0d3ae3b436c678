package dev.fovea.core.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class LearningRateScheduleTest {
  @Test
  void everyScheduleReadsBackFromItsText() {
    for (LearningRateSchedule schedule : List.of(new Constant(), new Step(3, 0.5))) {
      assertThat(LearningRateSchedule.parse(schedule.text())).isEqualTo(schedule);
    }
    assertThat(new Step(30, 0.1).text()).isEqualTo("Step epochs=30 factor=0.1");
    assertThat(new Constant().text()).isEqualTo("Constant");
  }

  @Test
  void everyScheduleIsKnownByItsSimpleName() {
    LearningRateSchedule.types()
        .forEach((name, type) -> assertThat(type.getSimpleName()).isEqualTo(name));
  }

  @Test
  void anUnknownScheduleIsRefused() {
    assertThatThrownBy(() -> LearningRateSchedule.parse("Cosine epochs=3"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Schedule: expected one of Constant, Step. Received: 'Cosine'.");
  }

  @Test
  void constantIsAlwaysOne() {
    assertThat(new Constant().factor(0)).isEqualTo(1);
    assertThat(new Constant().factor(1234.5)).isEqualTo(1);
  }

  @Test
  void stepFallsAtTheEndOfEachPeriod() {
    Step step = new Step(2, 0.1);

    assertThat(step.factor(0)).isEqualTo(1);
    assertThat(step.factor(1.999)).isEqualTo(1);
    assertThat(step.factor(2)).isEqualTo(0.1);
    assertThat(step.factor(3.5)).isEqualTo(0.1);
    assertThat(step.factor(4)).isEqualTo(Math.pow(0.1, 2));
  }

  @Test
  void attributesOutOfRangeAreRefused() {
    assertThatThrownBy(() -> new Step(0, 0.1))
        .hasMessage("Step: attribute 'epochs': expected an integer > 0. Received: 0.");
    assertThatThrownBy(() -> new Step(1, 0))
        .hasMessage("Step: attribute 'factor': expected a number > 0. Received: 0.");
    assertThatThrownBy(() -> LearningRateSchedule.parse("Step epochs=0 factor=0.1"))
        .hasMessage("Schedule (Step): attribute 'epochs': expected an integer > 0. Received: 0.");
    assertThatThrownBy(() -> LearningRateSchedule.parse("Step factor=0.1"))
        .hasMessage("Schedule (Step): attribute 'epochs': expected a value. Received: nothing.");
  }
}
