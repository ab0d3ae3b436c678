package dev.fovea.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class OneBatchDocTest {
  private static final Pattern LINK = Pattern.compile("\\[`([A-Za-z.:]+)`]\\(\\.\\./([^)]+)\\)");

  @Test
  void everyNameStandsInTheFileItLinksTo() {
    List<MatchResult> links = LINK.matcher(text()).results().toList();

    assertThat(links).hasSizeGreaterThan(20);
    for (MatchResult link : links) {
      assertThat(defines(link.group(2), link.group(1))).as(link.group()).isTrue();
    }
  }

  @Test
  void everyStopHasALink() {
    List<String> stops = text().lines().filter(line -> line.matches("\\| [0-9]+ \\|.*")).toList();

    assertThat(stops).hasSize(15);
    assertThat(stops).allMatch(stop -> LINK.matcher(stop).find());
  }

  @Test
  void aNameThatIsGoneIsNoticed() {
    String file = "tensor-core/src/main/java/dev/fovea/core/runtime/Replica.java";

    assertThat(defines(file, "Replica.addGradient")).isTrue();
    assertThat(defines(file, "Replica.addGradients")).isFalse();
    assertThat(defines(file, "Replicas.addGradient")).isFalse();
    assertThat(defines(file.replace("Replica.", "Gone."), "Gone")).isFalse();
    assertThat(defines("native/src/network/network.cc", "Network::Gone")).isFalse();
  }

  /** True where the file exists, declares the class and has the method. */
  private static boolean defines(String file, String name) {
    Path path = Repository.root().resolve(file);
    if (!Files.exists(path)) {
      return false;
    }
    String code = Repository.read(file);
    if (!file.endsWith(".java")) {
      String ofTemplate = name.replace("::", "(<\\w+>)?::");
      return Pattern.compile("\\b" + ofTemplate + "\\b").matcher(code).find();
    }
    String[] parts = name.split("\\.", -1);
    boolean type =
        Pattern.compile("\\b(class|record|interface|enum) " + parts[0] + "\\b")
            .matcher(code)
            .find();
    // A declaration: a type before the name, a body or a semicolon after the parentheses.
    return type
        && (parts.length == 1
            || Pattern.compile("(?m)^  (?!  )[^=*/\\n]*[\\w>\\]] " + parts[1] + "\\([^;{]*[;{]")
                .matcher(code)
                .find());
  }

  private static String text() {
    return Repository.read("docs/one-batch.md");
  }
}
