package dev.fovea.core.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fovea.core.text.RecordText;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * What every layer record keeps: its text reads back, attributes left out take their defaults, and
 * a wrong value is refused by name, in text and in Java. A test of a layer extends this and says
 * what is special to it.
 */
public abstract class LayerContract {

  /** A text and the layer it means; the text leaves out what it may. */
  public record Example(String text, Layer layer) {}

  /** A wrong attribute, {@code key=value}, and what the message says after the name. */
  public record Refusal(String word, String expectation) {}

  /** The layer with nothing said that has a default. */
  protected abstract Example shortest();

  /** The layer with every attribute other than its default, its text written out in full. */
  protected abstract Example fullest();

  /** Wrong values, at least one for every attribute that has some. */
  protected abstract List<Refusal> refusals();

  @Test
  void leftOutAttributesTakeTheirDefaults() {
    assertThat(parse(shortest().text())).isEqualTo(shortest().layer());
  }

  @Test
  void textNamesEveryAttribute() {
    assertThat(fullest().layer().text()).isEqualTo(fullest().text());
    assertThat(keys(fullest().text())).isEqualTo(RecordText.names(type()));
  }

  @Test
  void textReadsBack() {
    assertThat(parse(fullest().text())).isEqualTo(fullest().layer());
    assertThat(parse(shortest().layer().text())).isEqualTo(shortest().layer());
  }

  @TestFactory
  Stream<DynamicTest> wrongValuesAreRefusedByName() {
    return refusals().stream()
        .map(
            refusal ->
                DynamicTest.dynamicTest(
                    refusal.word(),
                    () ->
                        assertThatThrownBy(() -> parse(withWord(refusal.word())))
                            .isInstanceOf(IllegalArgumentException.class)
                            .hasMessage(
                                "Layer (%s): attribute '%s': %s"
                                    .formatted(
                                        type().getSimpleName(),
                                        key(refusal.word()),
                                        refusal.expectation()))));
  }

  @Test
  void aMissingValueIsRefusedInJava() throws ReflectiveOperationException {
    RecordComponent[] components = type().getRecordComponents();
    Class<?>[] types = Stream.of(components).map(RecordComponent::getType).toArray(Class[]::new);
    for (int i = 0; i < components.length; i++) {
      if (!types[i].isPrimitive()) {
        Object[] values = values(components);
        values[i] = null;
        var constructor = type().getConstructor(types);
        assertThatThrownBy(() -> constructor.newInstance(values))
            .isInstanceOf(InvocationTargetException.class)
            .cause()
            .hasMessage(
                "%s: attribute '%s': expected a value. Received: nothing."
                    .formatted(type().getSimpleName(), components[i].getName()));
      }
    }
  }

  private Object[] values(RecordComponent[] components) throws ReflectiveOperationException {
    Object[] values = new Object[components.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = components[i].getAccessor().invoke(fullest().layer());
    }
    return values;
  }

  /** The fullest text with one word replaced. */
  private String withWord(String word) {
    String replaced =
        RecordText.splitWords(fullest().text()).stream()
            .map(each -> each.startsWith(key(word) + "=") ? word : each)
            .reduce((a, b) -> a + " " + b)
            .orElseThrow();
    assertThat(replaced).contains(word);
    return replaced;
  }

  private Layer parse(String text) {
    return RecordText.<Layer>parse(text, Map.of(type().getSimpleName(), type()), "Layer");
  }

  private Class<? extends Layer> type() {
    return shortest().layer().getClass();
  }

  private static List<String> keys(String text) {
    return RecordText.splitWords(text).stream().skip(1).map(LayerContract::key).toList();
  }

  private static String key(String word) {
    return word.substring(0, word.indexOf('='));
  }
}
