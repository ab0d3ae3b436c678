package dev.fovea.core.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecordTextTest {

  /** A value type: a word in upper case. */
  public record Shout(String text) {
    public static Shout parse(String text) {
      if (!text.equals(text.toUpperCase(java.util.Locale.ROOT))) {
        throw new UnexpectedValueException("upper case", "'" + text + "'");
      }
      return new Shout(text);
    }
  }

  /** One attribute of each kind. */
  public record Sample(
      @Range(above = 0) int size,
      @Default("0.5") @Range(from = 0, below = 1) double share,
      @Default("true") boolean flag,
      @Default("plain") String word,
      @Default("HEY") Shout shout,
      @Default("7") int any,
      @Default("-1") double number) {
    public Sample {
      RecordText.check(Sample.class, size, share, flag, word, shout, any, number);
    }

    Sample(int size) {
      this(size, 0.5, true, "plain", new Shout("HEY"), 7, -1);
    }
  }

  /** Another type to choose from. */
  public record Empty() {}

  private static final Map<String, Class<? extends Record>> TYPES =
      Map.of("Sample", Sample.class, "Empty", Empty.class);

  @Test
  void printsEveryAttribute() {
    assertThat(RecordText.print(new Sample(3)))
        .isEqualTo("Sample size=3 share=0.5 flag=true word=plain shout=HEY any=7 number=-1");
    assertThat(RecordText.print(new Empty())).isEqualTo("Empty");
  }

  @Test
  void printsWhatDiffersFromTheDefaults() {
    assertThat(RecordText.changed(new Sample(3))).containsExactly("size=3");
    assertThat(RecordText.changed(new Sample(3, 0.25, false, "plain", new Shout("HO"), 7, 1e-5)))
        .containsExactly("size=3", "share=0.25", "flag=false", "shout=HO", "number=1.0E-5");
  }

  @Test
  void declaresAttributesWithTheirDefaults() {
    assertThat(RecordText.declared(Sample.class))
        .containsExactly(
            "size", "share=0.5", "flag=true", "word=plain", "shout=HEY", "any=7", "number=-1");
    assertThat(RecordText.names(Empty.class)).isEmpty();
  }

  @Test
  void readsBackWhatItPrints() {
    Sample sample = new Sample(9, 0.125, false, "other", new Shout("HO"), -4, 1.0 / 3);
    assertThat(parse(RecordText.print(sample))).isEqualTo(sample);
  }

  @Test
  void leftOutAttributesTakeTheirDefaults() {
    assertThat(parse("Sample size=3")).isEqualTo(new Sample(3));
  }

  @Test
  void orderAndBlanksDoNotMatter() {
    assertThat(parse("  Sample \t any=1\n size=3 "))
        .isEqualTo(new Sample(3, 0.5, true, "plain", new Shout("HEY"), 1, -1));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "size=0      | attribute 'size': expected an integer > 0. Received: 0.",
        "size=-1     | attribute 'size': expected an integer > 0. Received: -1.",
        "size=1.5    | attribute 'size': expected an integer > 0. Received: 1.5.",
        "size=       | attribute 'size': expected an integer > 0. Received: nothing.",
        "size=1 share=1     | attribute 'share': expected a number >= 0 and < 1. Received: 1.",
        "size=1 share=-0.1  | attribute 'share': expected a number >= 0 and < 1. Received: -0.1.",
        "size=1 share=NaN   | attribute 'share': expected a number >= 0 and < 1. Received: NaN.",
        "size=1 number=inf  | attribute 'number': expected a number. Received: inf.",
        "size=1 any=x       | attribute 'any': expected an integer. Received: x.",
        "size=1 flag=yes    | attribute 'flag': expected true or false. Received: 'yes'.",
        "size=1 shout=low   | attribute 'shout': expected upper case. Received: 'low'.",
        "sise=3      | attribute 'sise': expected one of size, share, flag, word, shout, any,"
            + " number. Received: 'sise'.",
        "size=1 any=1 any=2 | attribute 'any': expected once. Received: twice.",
        "flag=true   | attribute 'size': expected a value. Received: nothing.",
        "fast        | expected key=value. Received: 'fast'.",
        "=3          | expected key=value. Received: '=3'.",
      })
  void aWrongAttributeIsNamed(String words, String problem) {
    assertThatThrownBy(() -> parse("Sample " + words))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Param sample (Sample): " + problem);
  }

  @Test
  void aTypeWithoutAttributesSaysSo() {
    assertThatThrownBy(() -> parse("Empty size=3"))
        .hasMessage(
            "Param sample (Empty): attribute 'size': expected no attributes. Received: 'size'.");
  }

  @ParameterizedTest
  @CsvSource({"sample size=3,sample", "'',''", "Other,Other"})
  void anUnknownTypeListsTheKnownOnes(String text, String received) {
    assertThatThrownBy(() -> parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Param sample: expected one of Empty, Sample. Received: '" + received + "'.");
  }

  @Test
  void aConstructorNamesItsType() {
    assertThatThrownBy(() -> new Sample(0))
        .isInstanceOf(AttributeException.class)
        .hasMessage("Sample: attribute 'size': expected an integer > 0. Received: 0.");
    assertThatThrownBy(() -> new Sample(1, Double.NaN, true, "", new Shout("A"), 1, 1))
        .hasMessage("Sample: attribute 'share': expected a number >= 0 and < 1. Received: NaN.");
    assertThatThrownBy(() -> new Sample(1, 0, true, "", null, 1, 1))
        .hasMessage("Sample: attribute 'shout': expected a value. Received: nothing.");
    assertThatThrownBy(() -> new Sample(1, 0, true, "", new Shout("low"), 1, 1))
        .hasMessage("Sample: attribute 'shout': expected upper case. Received: 'low'.");
  }

  @Test
  void checkingTheWrongNumberOfValuesIsOurOwnMistake() {
    assertThatThrownBy(() -> RecordText.check(Sample.class, 1, 2))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("Record Sample: expected 7 values to check. Received: 2.");
  }

  @Test
  void wordsOfBlankTextAreNone() {
    assertThat(RecordText.splitWords(" \t ")).isEqualTo(List.of());
  }

  private static Record parse(String text) {
    return RecordText.parse(text, TYPES, "Param sample");
  }
}
