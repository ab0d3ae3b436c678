package dev.fovea.pipelines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fovea.core.layer.Precision;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrainOptionsTest {
  @Test
  void withoutOptionsDrawsItsOwnSet() {
    assertThat(TrainOptions.parse())
        .isEqualTo(
            new TrainOptions(
                Optional.empty(),
                12_000,
                8,
                64,
                42,
                Precision.FLOAT32,
                "fashion-mnist-model",
                Optional.empty(),
                false));
  }

  @Test
  void readsEveryOption() {
    assertThat(
            TrainOptions.parse(
                "--data",
                "some dir",
                "--images",
                "600",
                "--epochs",
                "3",
                "--batch-size",
                "64",
                "--seed",
                "-7",
                "--precision",
                "bfloat16",
                "--output",
                "out",
                "--master",
                "local[2]",
                "--help"))
        .isEqualTo(
            new TrainOptions(
                Optional.of(Path.of("some dir")),
                600,
                3,
                64,
                -7,
                Precision.BFLOAT16,
                "out",
                Optional.of("local[2]"),
                true));
  }

  @Test
  void helpNamesEveryOptionAndItsDefault() {
    assertThat(TrainOptions.HELP)
        .contains("--data", "--images N", "(12000)", "--epochs N", "(8)", "--batch-size N", "(64)")
        .contains("--seed N", "(42)", "--output DIR", "fashion-mnist-model", "--master", "--help");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--epochs 0|Option --epochs: expected an integer >= 1. Received: 0.",
        "--epochs many|Option --epochs: expected an integer. Received: 'many'.",
        "--epochs|Option --epochs: expected a value. Received: nothing.",
        "--batch-size --seed|Option --batch-size: expected a value. Received: '--seed'.",
        "--batch-size 3000000000"
            + "|Option --batch-size: expected an integer >= 1. Received: 3000000000.",
        "--images 59|Option --images: expected an integer >= 60. Received: 59.",
        "--seed 1.5|Option --seed: expected an integer. Received: '1.5'.",
        "--epoch 3|Command line: expected one of --data, --images, --epochs, --batch-size, --seed,"
            + " --precision, --output, --master, --help. Received: '--epoch'.",
        "--precision half|Option --precision: expected one of float32, bfloat16. Received: 'half'.",
      })
  void saysWhatIsWrong(String commandLine, String message) {
    assertThatThrownBy(() -> TrainOptions.parse(commandLine.split(" ")))
        .isInstanceOf(UsageException.class)
        .hasMessage(message);
  }
}
