package dev.fovea.core.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Fails a test that leaves a native network open. */
public final class NoOpenReplicas implements AfterEachCallback {
  @Override
  public void afterEach(ExtensionContext context) {
    assertThat(Replica.openCount()).as("native networks still open").isZero();
  }
}
