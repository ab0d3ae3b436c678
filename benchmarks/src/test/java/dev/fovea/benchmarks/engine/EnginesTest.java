package dev.fovea.benchmarks.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EnginesTest {
  @TempDir Path peers;

  @Test
  void peersThatAreNotInstalledAreNamed() throws Exception {
    Files.createDirectories(peers.resolve("onnxruntime"));

    Engines engines = new Engines(Engines.KEYS, peers, peers);

    assertThat(engines.installed())
        .extracting(Engine::name)
        .containsExactly("Fovea", "ONNX Runtime");
    assertThat(engines.missing()).containsExactly("PyTorch", "DL4J");
  }

  @Test
  void whatNobodyAskedForIsNotMissing() {
    Engines engines = new Engines(List.of(Engine.FOVEA), peers, peers);

    assertThat(engines.missing()).isEmpty();
  }

  @Test
  void anEnvironmentThatIsNotWholeIsNotInstalled() throws Exception {
    Path python = peers.resolve("venv/bin/python");
    Files.createDirectories(python.getParent());
    Files.createFile(python);
    assertThat(new Engines(List.of(Engine.PYTORCH), peers, peers).installed()).isEmpty();

    Files.createFile(peers.resolve("venv/installed"));
    assertThat(new Engines(List.of(Engine.PYTORCH), peers, peers).installed()).hasSize(1);
  }

  @Test
  void onnxRuntimeOnlyInfers() throws Exception {
    Files.createDirectories(peers.resolve("onnxruntime"));
    Engine engine = new Engines(List.of("onnxruntime"), peers, peers).installed().get(0);

    assertThat(engine.variants(Mode.TRAIN, Precision.FLOAT32)).isEmpty();
    assertThat(engine.variants(Mode.INFER, Precision.FLOAT32)).hasSize(1);
  }
}
