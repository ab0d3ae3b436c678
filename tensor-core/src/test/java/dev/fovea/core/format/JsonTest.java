package dev.fovea.core.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonTest {
  private static final String WHERE = "History file h.json";

  @Test
  void everyKindOfValueSurvivesARoundTrip() {
    Map<String, Object> value = new LinkedHashMap<>();
    value.put("text", "a \"quoted\" \\ line\nwith\ttabs, \u0001, é, \uD83D\uDE00 and \uD83D alone");
    value.put("", List.of());
    value.put("numbers", List.of(0L, -7L, 999_999_999_999_999_999L, 0.1, -1.5e-300, 1.0, 1e30));
    value.put("words", new ArrayList<>(Arrays.asList(true, false, null)));
    value.put("nested", Map.of("empty", Map.of()));

    assertThat(Json.parse(Json.print(value), WHERE)).isEqualTo(value);
    assertThat(Json.parse(Json.indented(value), WHERE)).isEqualTo(value);
  }

  @Test
  void oneLineHasNoBlanks() {
    Map<String, Object> value = new LinkedHashMap<>();
    value.put("b", List.of(1L, 2.5));
    value.put("a", "x\u2028/");

    assertThat(Json.print(value)).isEqualTo("{\"b\":[1,2.5],\"a\":\"x\u2028/\"}");
  }

  @Test
  void indentedTextHasOneValueALine() {
    Map<String, Object> value = new LinkedHashMap<>();
    value.put("epochs", List.of(Map.of("loss", 0.5), List.of()));
    value.put("none", Map.of());

    assertThat(Json.indented(value))
        .isEqualTo(
            """
            {
              "epochs": [
                {
                  "loss": 0.5
                },
                []
              ],
              "none": {}
            }
            """);
  }

  @Test
  void theOrderOfKeysIsKept() {
    assertThat(Json.parseObject("{\"z\":1,\"a\":2,\"m\":3}", WHERE).keySet())
        .containsExactly("z", "a", "m");
  }

  @Test
  void escapesOfAnyWriterAreRead() {
    assertThat(Json.parse("\"\\u0041\\/\\b\\f\\n\\r\\t\\\"\\\\\\uD83D\\uDE00\"", WHERE))
        .isEqualTo("A/\b\f\n\r\t\"\\\uD83D\uDE00");
  }

  @Test
  void integersThatDoNotFitBecomeDoubles() {
    assertThat(Json.parse("100000000000000000000", WHERE)).isEqualTo(1e20);
    assertThat(Json.parse("-0", WHERE)).isEqualTo(0L);
    assertThat(Json.parse("1E2", WHERE)).isEqualTo(100.0);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "``        | 1 | a value                            | the end",
        "`{`       | 1 | a key in quotes                    | the end",
        "{a:1}     | 1 | a key in quotes                    | 'a:1}'",
        "{\"a\" 1} | 1 | ':'                                | '1}'",
        "{\"a\":1,}| 1 | a key in quotes                    | '}'",
        "[1,]      | 1 | a value                            | ']'",
        "[1 2]     | 1 | ',' or ']'                         | '2]'",
        "[1}       | 1 | ',' or ']'                         | '}'",
        "{\"a\":1] | 1 | ',' or '}'                         | ']'",
        "{\"a\":1,\"a\":2} | 1 | a key that is not there yet | '\"a\":2}'",
        "01        | 1 | the end                            | '1'",
        "+1        | 1 | a value                            | '+1'",
        ".5        | 1 | a value                            | '.5'",
        "1e999     | 1 | a number of 64 bits                | '1e999'",
        "NaN       | 1 | a value                            | 'NaN'",
        "nul       | 1 | a value                            | 'nul'",
        "True      | 1 | a value                            | 'True'",
        "\"abc     | 1 | a character of a string or '\"'    | the end",
        "\"\\x\"   | 1 | an escape of JSON                  | '\\x\"'",
        "\"\\u12\" | 1 | an escape of JSON                  | '\\u12\"'",
        "'a'       | 1 | a value                            | ''a''",
        "[] []     | 1 | the end                            | '[]'",
      })
  void malformedTextIsRefused(String text, int line, String expected, String received) {
    assertThatThrownBy(() -> Json.parse(text, WHERE))
        .isExactlyInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "History file h.json line %d: expected %s. Received: %s.", line, expected, received);
  }

  @Test
  void messagesNameTheLine() {
    assertThatThrownBy(
            () -> Json.parse("{\n  \"a\": 1,\n  \"b\": x and much more that follows\n}", WHERE))
        .hasMessage(
            "History file h.json line 3: expected a value. Received: 'x and much more that'.");
    assertThatThrownBy(() -> Json.parse("[\n\"open\n\"]", WHERE))
        .hasMessage(
            "History file h.json line 2: expected a character of a string or '\"'. Received: the"
                + " end of the line.");
  }

  @Test
  void bottomlessNestingIsRefusedBeforeTheStackIsUsedUp() {
    assertThatThrownBy(() -> Json.parse("[".repeat(100_000), WHERE))
        .hasMessage(
            "History file h.json line 1: expected at most 100 levels. Received:"
                + " '[[[[[[[[[[[[[[[[[[[['.");
    assertThat(Json.parse("[".repeat(100) + "]".repeat(100), WHERE)).isInstanceOf(List.class);
  }

  @Test
  void anObjectIsAskedForByName() {
    assertThatThrownBy(() -> Json.parseObject("[1]", WHERE))
        .hasMessage("History file h.json: expected a JSON object. Received: [1].");
  }

  @Test
  void valuesThatJsonDoesNotHaveAreNotWritten() {
    assertThatThrownBy(() -> Json.print(List.of(Double.NaN)))
        .hasMessage(
            "JSON: expected an object, array, string, finite number, boolean or null. Received: NaN"
                + " (Double).");
  }
}
