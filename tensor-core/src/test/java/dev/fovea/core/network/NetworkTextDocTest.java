package dev.fovea.core.network;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.core.layer.Layer;
import dev.fovea.core.text.RecordText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The page about network text says what is so. */
class NetworkTextDocTest {
  private static final Path PAGE = Path.of("../docs/network-text.md");
  private static final Pattern NETWORK =
      Pattern.compile("```\n(# fovea network.*?)```", Pattern.DOTALL);

  @Test
  void everyNetworkOnThePageBuilds() throws IOException {
    Matcher matcher = NETWORK.matcher(Files.readString(PAGE));
    List<Network> networks = new ArrayList<>();
    while (matcher.find()) {
      networks.add(Network.parse(matcher.group(1)));
    }
    assertThat(networks).hasSize(2).allSatisfy(Network::check);
  }

  @Test
  void theTableOfLayersIsComplete() throws IOException {
    String page = Files.readString(PAGE);
    for (String name : LayerTypes.names()) {
      Class<? extends Layer> type = LayerTypes.find(name).orElseThrow();
      String attributes = String.join(" ", RecordText.declared(type));
      String cell = attributes.isEmpty() ? "| |" : "| `" + attributes + "` |";
      assertThat(page).contains("\n| `" + name + "` " + cell);
    }
    for (String attribute : RecordText.declared(ParameterSettings.class)) {
      assertThat(page).contains("\n| `" + attribute + "` |");
    }
  }
}
