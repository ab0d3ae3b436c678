package dev.fovea.core;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The arrows between the rooms. A network crosses from network to runtime as text only. */
class ArchitectureTest {
  private static final String ROOT = "dev.fovea.core.";

  /** Each room and the rooms it may use. */
  private static final Map<String, Set<String>> ARROWS =
      Map.ofEntries(
          Map.entry("text", Set.of()),
          Map.entry("tensor", Set.of("text")),
          Map.entry("layer", Set.of("tensor", "text")),
          Map.entry("loss", Set.of("layer", "tensor", "text")),
          Map.entry("initializer", Set.of("text")),
          Map.entry("schedule", Set.of("text")),
          Map.entry("runtime", Set.of("tensor", "text")),
          Map.entry("optimizer", Set.of("runtime", "tensor", "text")),
          Map.entry("format", Set.of("runtime", "tensor", "text")),
          Map.entry("network", Set.of("initializer", "layer", "loss", "runtime", "tensor", "text")),
          Map.entry("zoo", Set.of("initializer", "layer", "loss", "network", "tensor", "text")),
          Map.entry(
              "exchange", Set.of("format", "optimizer", "runtime", "schedule", "tensor", "text")),
          Map.entry("exchange.wire", Set.of("exchange", "runtime", "tensor", "text")));

  private static final JavaClasses CORE =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.fovea.core");

  static Set<String> rooms() {
    return ARROWS.keySet();
  }

  @Test
  void everyRoomHasItsArrows() {
    Set<String> rooms = new TreeSet<>();
    for (JavaClass each : CORE) {
      rooms.add(each.getPackageName().substring(ROOT.length()));
    }
    assertThat(rooms).containsExactlyInAnyOrderElementsOf(ARROWS.keySet());
  }

  @ParameterizedTest
  @MethodSource("rooms")
  void aRoomUsesOnlyTheRoomsItMay(String room) {
    List<String> forbidden = new ArrayList<>();
    for (String other : ARROWS.keySet()) {
      if (!other.equals(room) && !ARROWS.get(room).contains(other)) {
        forbidden.add(ROOT + other + "..");
      }
    }
    noClasses()
        .that()
        .resideInAPackage(ROOT + room)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(forbidden.toArray(String[]::new))
        .check(CORE);
  }

  @Test
  void roomsFormNoCycle() {
    slices().matching("dev.fovea.core.(*)..").should().beFreeOfCycles().check(CORE);
  }

  @Test
  void coreKnowsTheJdkOnly() {
    classes()
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage("dev.fovea.core..", "java..")
        .check(CORE);
  }

  @Test
  void coreNeverSeesSparkOrScala() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.apache.spark..", "scala..")
        .check(CORE);
  }

  @Test
  void onlyTheRuntimeHasNativeMethods() {
    Set<String> owners = new TreeSet<>();
    for (JavaClass each : CORE) {
      each.getMethods().stream()
          .filter(
              method ->
                  method
                      .getModifiers()
                      .contains(com.tngtech.archunit.core.domain.JavaModifier.NATIVE))
          .forEach(method -> owners.add(each.getName()));
    }
    assertThat(owners).containsExactly("dev.fovea.core.runtime.NativeMethods");
  }
}
