package dev.fovea.spark.checkpoint;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;

class TrainingSettingsTest {
  private static final String NETWORK = Checkpoints.NETWORK;
  private static final TrainingSettings KEPT = new TrainingSettings(NETWORK, "Adam", 42, 128);

  @Test
  void anotherWayToWriteTheSameIsTheSame() {
    TrainingSettings fit =
        new TrainingSettings(
            NETWORK.replace("units=5", "units=5 bias=true"), "Adam beta1=0.90", 42, 128);

    assertThatCode(() -> KEPT.requireSame(fit, new Path("there"))).doesNotThrowAnyException();
  }

  @Test
  void whatDiffersIsNamedWithBothValues() {
    refuses(
        new TrainingSettings(NETWORK, "Adam", 7, 128),
        "Param seed: expected 42. Received: 7 (resumeFrom: there). Set seed to that, or leave"
            + " resumeFrom out to begin anew.");
    refuses(
        new TrainingSettings(NETWORK, "Adam", 42, 64),
        "Param batchSize: expected 128. Received: 64 (resumeFrom: there). Set batchSize to that, or"
            + " leave resumeFrom out to begin anew.");
    refuses(
        new TrainingSettings(NETWORK, "Sgd momentum=0.5", 42, 128),
        "Param optimizer: expected Adam beta1=0.9 beta2=0.999 epsilon=1.0E-8. Received: Sgd"
            + " momentum=0.5 nesterov=false (resumeFrom: there). Set optimizer to that, or leave"
            + " resumeFrom out to begin anew.");
  }

  @Test
  void theFirstLineOfTheNetworkThatDiffersIsShown() {
    refuses(
        new TrainingSettings(NETWORK.replace("units=5", "units=6"), "Adam", 42, 128),
        "Param network: expected 'hidden Dense units=5 bias=true' as line 3. Received: 'hidden Dense"
            + " units=6 bias=true' (resumeFrom: there). Set network to its network, or leave"
            + " resumeFrom out to begin anew.");
    refuses(
        new TrainingSettings(NETWORK + "half Relu from=relu\n", "Adam", 42, 128),
        "Param network: expected no more lines as line 8. Received: 'half Relu from=relu'"
            + " (resumeFrom: there). Set network to its network, or leave resumeFrom out to begin"
            + " anew.");
  }

  private static void refuses(TrainingSettings fit, String message) {
    assertThatThrownBy(() -> KEPT.requireSame(fit, new Path("there")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }
}
