package dev.fovea.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.core.network.Network;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ReadmeTest {
  private static final Pattern LINK = Pattern.compile("\\[[^]]*]\\((?!http)([^)#]+)(#[^)]*)?\\)");
  private static final Pattern BLOCK = Pattern.compile("(?s)```\\n(bin/.*?)```");

  @Test
  void theReadmeShowsExactlyTwoCommands() {
    assertThat(BLOCK.matcher(Repository.read("README.md")).results().map(match -> match.group(1)))
        .containsExactly("bin/fovea train-fashion-mnist\n", "bin/fovea test\n");
  }

  @Test
  void theNetworkOfTheReadmeCanBeTrained() {
    String readme = Repository.read("README.md");
    String text = readme.substring(readme.indexOf("setNetwork(\"\"\"\n") + 15);

    Network network = Network.parse(text.substring(0, text.indexOf("\"\"\"")));

    assertThat(network.describe().weightCount()).isPositive();
  }

  @Test
  void everyCommandInADocumentIsOneThatTheLauncherKnows() {
    String launcher = Repository.read("bin/fovea");
    for (Path document : documents()) {
      Pattern command = Pattern.compile("bin/fovea ([a-z][a-z-]*)");
      List<String> commands =
          command
              .matcher(Repository.read(Repository.root().relativize(document).toString()))
              .results()
              .map(match -> match.group(1))
              .toList();
      for (String name : commands) {
        assertThat(Pattern.compile("(?m)^  " + name + "( \\||\\))").matcher(launcher).find())
            .as("%s: command '%s' of bin/fovea", document, name)
            .isTrue();
      }
    }
  }

  @Test
  void theProgramsOfTheRepositoryCanBeStarted() {
    for (String program : List.of("bin/fovea", "bin/setup", ".ci/run")) {
      assertThat(Files.isExecutable(Repository.root().resolve(program))).as(program).isTrue();
    }
  }

  @Test
  void everyLinkInADocumentLeadsToAFile() {
    for (Path document : documents()) {
      String text = Repository.read(Repository.root().relativize(document).toString());
      for (MatchResult link : LINK.matcher(text).results().toList()) {
        assertThat(document.resolveSibling(link.group(1)))
            .as("%s: link %s", document, link.group())
            .exists();
      }
    }
  }

  private static List<Path> documents() {
    Path root = Repository.root();
    return Stream.of(
            Stream.of("README.md", "GLOSSARY.md", "CONTRIBUTING.md", "benchmarks/README.md")
                .map(root::resolve),
            Repository.files(root.resolve("docs"), ".md").stream(),
            Repository.files(root.resolve("help"), ".md").stream())
        .flatMap(files -> files)
        .toList();
  }
}
