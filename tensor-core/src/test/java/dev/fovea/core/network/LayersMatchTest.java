package dev.fovea.core.network;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.fovea.core.layer.Layer;
import dev.fovea.core.layer.ParametricLayer;
import dev.fovea.core.runtime.LibraryInfo.AttributeInfo;
import dev.fovea.core.runtime.LibraryInfo.TypeInfo;
import dev.fovea.core.runtime.NativeLibrary;
import dev.fovea.core.text.RecordText;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The layers of native's registry and the layer records: the same names, attributes, defaults. */
class LayersMatchTest {
  @Test
  void everyNativeLayerHasARecordAndEveryRecordANativeLayer() {
    List<String> records =
        new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("dev.fovea.core.layer", "dev.fovea.core.loss")
                .stream()
                .filter(each -> each.isRecord() && each.isAssignableTo(Layer.class))
                .map(JavaClass::getSimpleName)
                .sorted()
                .toList();
    assertThat(records).isEqualTo(LayerTypes.names());
    assertThat(records).allSatisfy(name -> assertThat(LayerTypes.find(name)).isPresent());
  }

  @TestFactory
  Stream<DynamicTest> attributesAndDefaultsAgree() {
    return NativeLibrary.info().layers().stream()
        .map(
            type ->
                DynamicTest.dynamicTest(
                    type.name(),
                    () -> assertThat(declared(type)).isEqualTo(declaredInNative(type))));
  }

  private static List<String> declared(TypeInfo type) {
    Class<? extends Layer> layer = LayerTypes.find(type.name()).orElseThrow();
    List<String> declared = new ArrayList<>(List.of("from=", "weightsOf="));
    if (ParametricLayer.class.isAssignableFrom(layer)) {
      declared.addAll(RecordText.declared(ParameterSettings.class));
    }
    declared.addAll(RecordText.declared(layer));
    return declared;
  }

  private static List<String> declaredInNative(TypeInfo type) {
    return type.attributes().stream().map(LayersMatchTest::declared).toList();
  }

  private static String declared(AttributeInfo attribute) {
    return attribute.name() + attribute.defaultValue().map(value -> "=" + value).orElse("");
  }
}
