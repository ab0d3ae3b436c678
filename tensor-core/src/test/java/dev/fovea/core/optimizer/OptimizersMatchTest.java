package dev.fovea.core.optimizer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.core.runtime.LibraryInfo.AttributeInfo;
import dev.fovea.core.runtime.LibraryInfo.TypeInfo;
import dev.fovea.core.runtime.NativeLibrary;
import dev.fovea.core.text.RecordText;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Java's records and native's registry list the same optimizers with the same attributes. */
class OptimizersMatchTest {
  /** Native's update of statistics: chosen by the parameter, never by a user. */
  private static final String STATISTICS = "RunningAverage";

  private final Map<String, TypeInfo> natives =
      NativeLibrary.info().optimizers().stream()
          .filter(type -> !type.name().equals(STATISTICS))
          .collect(Collectors.toMap(TypeInfo::name, type -> type));

  @Test
  void theNamesAreTheSame() {
    assertThat(Optimizer.types().keySet()).isEqualTo(natives.keySet());
  }

  @Test
  void theAttributesAndTheirDefaultsAreTheSame() {
    Optimizer.types()
        .forEach(
            (name, type) -> {
              List<String> declared =
                  natives.get(name).attributes().stream().map(OptimizersMatchTest::print).toList();
              assertThat(RecordText.declared(type)).as(name).isEqualTo(declared);
            });
  }

  private static String print(AttributeInfo attribute) {
    return attribute.name() + attribute.defaultValue().map(text -> "=" + text).orElse("");
  }
}
