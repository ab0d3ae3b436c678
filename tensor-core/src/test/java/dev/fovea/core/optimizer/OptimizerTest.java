package dev.fovea.core.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class OptimizerTest {
  @Test
  void everyOptimizerReadsBackFromItsText() {
    for (Optimizer optimizer :
        List.of(new Sgd(0.9), new Sgd(0.5, true), new Sgd(0), new Adam(), new Adam(0, 0.5, 1e-3))) {
      assertThat(Optimizer.parse(optimizer.text())).isEqualTo(optimizer);
    }
    assertThat(new Sgd(0.9, true).text()).isEqualTo("Sgd momentum=0.9 nesterov=true");
  }

  @Test
  void everyOptimizerIsKnownByItsSimpleName() {
    Optimizer.types().forEach((name, type) -> assertThat(type.getSimpleName()).isEqualTo(name));
  }

  @Test
  void attributesLeftOutTakeTheirDefaults() {
    assertThat(Optimizer.parse("Sgd")).isEqualTo(new Sgd(0.9, false));
    assertThat(Optimizer.parse("Adam beta2=0.99")).isEqualTo(new Adam(0.9, 0.99, 1e-8));
  }

  @Test
  void anUnknownOptimizerIsRefused() {
    assertThatThrownBy(() -> Optimizer.parse("Adagrad"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Optimizer: expected one of Adam, Sgd. Received: 'Adagrad'.");
  }

  @Test
  void anUnknownAttributeIsRefused() {
    assertThatThrownBy(() -> Optimizer.parse("Sgd beta1=0.9"))
        .hasMessage(
            "Optimizer (Sgd): attribute 'beta1': expected one of momentum, nesterov. Received:"
                + " 'beta1'.");
  }

  @Test
  void attributesOutOfRangeAreRefused() {
    assertThatThrownBy(() -> new Sgd(1))
        .hasMessage("Sgd: attribute 'momentum': expected a number >= 0 and < 1. Received: 1.");
    assertThatThrownBy(() -> new Sgd(-0.1))
        .hasMessage("Sgd: attribute 'momentum': expected a number >= 0 and < 1. Received: -0.1.");
    assertThatThrownBy(() -> new Sgd(0, true))
        .hasMessage("Sgd: attribute 'nesterov': expected false without momentum. Received: true.");
    assertThatThrownBy(() -> new Adam(1, 0.999, 1e-8))
        .hasMessage("Adam: attribute 'beta1': expected a number >= 0 and < 1. Received: 1.");
    assertThatThrownBy(() -> new Adam(0.9, 1.5, 1e-8))
        .hasMessage("Adam: attribute 'beta2': expected a number >= 0 and < 1. Received: 1.5.");
    assertThatThrownBy(() -> Optimizer.parse("Adam epsilon=0"))
        .hasMessage("Optimizer (Adam): attribute 'epsilon': expected a number > 0. Received: 0.");
  }
}
