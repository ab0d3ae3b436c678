package dev.fovea.core.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fovea.core.runtime.LibraryInfo.AttributeInfo;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LibraryInfoTest {
  private static final String TEXT =
      """
      version 0.1.0
      target avx2
      targets avx2,reference
      layer Add from= weightsOf=\s
      layer Dense from= units bias=true
      optimizer Sgd momentum=0.9 nesterov=false
      """;

  @Test
  void everyLineIsRead() {
    LibraryInfo info = LibraryInfo.parse(TEXT);

    assertThat(info.version()).isEqualTo("0.1.0");
    assertThat(info.target()).isEqualTo("avx2");
    assertThat(info.targets()).containsExactly("avx2", "reference");
    assertThat(info.layers()).extracting("name").containsExactly("Add", "Dense");
    assertThat(info.optimizers()).extracting("name").containsExactly("Sgd");
    assertThat(info.optimizers().get(0).attributes())
        .containsExactly(
            new AttributeInfo("momentum", Optional.of("0.9")),
            new AttributeInfo("nesterov", Optional.of("false")));
  }

  @Test
  void aDefaultMayBeEmptyOrMissing() {
    LibraryInfo.TypeInfo dense = LibraryInfo.parse(TEXT).layers().get(1);

    assertThat(dense.attribute("from")).contains(new AttributeInfo("from", Optional.of("")));
    assertThat(dense.attribute("units")).contains(new AttributeInfo("units", Optional.empty()));
    assertThat(dense.attribute("filters")).isEmpty();
  }

  @Test
  void anUnknownLineIsOurMistake() {
    assertThatThrownBy(() -> LibraryInfo.parse(TEXT + "cpu Zen 3"))
        .isExactlyInstanceOf(IllegalStateException.class)
        .hasMessage(
            "Library info: expected version, target, targets, layer or optimizer. Received: 'cpu"
                + " Zen 3'.");
  }
}
