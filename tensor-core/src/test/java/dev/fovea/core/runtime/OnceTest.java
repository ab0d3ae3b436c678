package dev.fovea.core.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class OnceTest {
  private final AtomicInteger calls = new AtomicInteger();

  @Test
  void theValueIsMadeAtFirstUseAndKept() {
    Once<Integer> once = new Once<>(calls::incrementAndGet);
    assertThat(calls).hasValue(0);

    assertThat(once.value()).isEqualTo(1);
    assertThat(once.value()).isEqualTo(1);
  }

  @Test
  void aFailureIsKeptAndThrownAgain() {
    Once<Integer> once =
        new Once<>(
            () -> {
              throw new NativeLibraryException("failure " + calls.incrementAndGet());
            });

    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(once::value)
          .isExactlyInstanceOf(NativeLibraryException.class)
          .hasMessage("failure 1");
    }
  }
}
