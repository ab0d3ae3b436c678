package dev.fovea.core.text;

import java.lang.reflect.InvocationTargetException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Writes records as {@code Type key=value ...} and reads them back: the simple name of the record
 * is the type, its components are the attributes. {@link Default} and {@link Range} on the
 * components say what the text may leave out and which numbers are allowed.
 */
public final class RecordText {
  private RecordText() {}

  /** {@code Conv2d filters=16 kernel=3 ...}: the type and every attribute. */
  public static String print(Record record) {
    List<String> words = new ArrayList<>(List.of(record.getClass().getSimpleName()));
    words.addAll(words(record, false));
    return String.join(" ", words);
  }

  /** The attributes that differ from their defaults, as {@code key=value}. */
  public static List<String> changed(Record record) {
    return words(record, true);
  }

  /** {@code filters kernel stride=1 ...}: every attribute, with its default where it has one. */
  public static List<String> declared(Class<?> type) {
    return Attribute.of(type).stream()
        .map(each -> each.name() + each.defaultText().map(text -> "=" + text).orElse(""))
        .collect(Collectors.toList());
  }

  /** The names of the attributes, in order. */
  public static List<String> names(Class<?> type) {
    return Attribute.of(type).stream().map(Attribute::name).collect(Collectors.toList());
  }

  /**
   * Checks the values of a record against its ranges; called by its compact constructor.
   *
   * @param values every component, in order
   * @throws AttributeException naming the type, the attribute, the expected and the received value
   */
  public static void check(Class<? extends Record> type, Object... values) {
    List<Attribute> attributes = Attribute.of(type);
    if (attributes.size() != values.length) {
      throw new IllegalStateException(
          "Record %s: expected %d values to check. Received: %d."
              .formatted(type.getSimpleName(), attributes.size(), values.length));
    }
    for (int i = 0; i < values.length; i++) {
      attributes.get(i).check(values[i]);
    }
  }

  /**
   * Reads one record.
   *
   * @param text {@code Type key=value ...}
   * @param types the types it may be, by name
   * @param where what the messages begin with, for example {@code Param optimizer}
   */
  public static <R> R parse(String text, Map<String, Class<? extends R>> types, String where) {
    List<String> words = splitWords(text);
    String name = words.isEmpty() ? "" : words.get(0);
    Class<? extends R> type = types.get(name);
    if (type == null) {
      throw new IllegalArgumentException(
          "%s: expected one of %s. Received: '%s'."
              .formatted(where, String.join(", ", new TreeSet<>(types.keySet())), name));
    }
    try {
      Map<String, String> values = keyValues(type, words.subList(1, words.size()), names(type));
      return read(type, values);
    } catch (AttributeException e) {
      throw new IllegalArgumentException(where + " (" + name + "): " + e.problem(), e);
    }
  }

  /** The words of a text, which blanks separate. */
  public static List<String> splitWords(String text) {
    return Arrays.stream(text.split("[ \t\r\n]+"))
        .filter(word -> !word.isEmpty())
        .collect(Collectors.toList());
  }

  /**
   * Takes {@code key=value} words apart, in order.
   *
   * @param known the keys there are
   * @throws AttributeException for an unknown or repeated key, or a word of another form
   */
  public static Map<String, String> keyValues(
      Class<?> type, List<String> words, List<String> known) {
    Map<String, String> values = new LinkedHashMap<>();
    for (String word : words) {
      int equals = word.indexOf('=');
      if (equals <= 0) {
        throw AttributeException.malformed(type, word);
      }
      String key = word.substring(0, equals);
      if (!known.contains(key)) {
        String expected = known.isEmpty() ? "no attributes" : "one of " + String.join(", ", known);
        throw new AttributeException(type, key, expected, "'" + key + "'");
      }
      if (values.put(key, word.substring(equals + 1)) != null) {
        throw new AttributeException(type, key, "once", "twice");
      }
    }
    return values;
  }

  /**
   * Makes a record from the text of its attributes; those left out take their defaults.
   *
   * @throws AttributeException for a missing or wrong value
   */
  public static <R> R read(Class<R> type, Map<String, String> values) {
    List<Attribute> attributes = Attribute.of(type);
    List<String> texts = new ArrayList<>();
    for (Attribute attribute : attributes) {
      String text = values.get(attribute.name());
      texts.add(text != null ? text : attribute.defaultText().orElseThrow(attribute::missing));
    }
    Object[] arguments = new Object[texts.size()];
    for (int i = 0; i < arguments.length; i++) {
      arguments[i] = attributes.get(i).parse(texts.get(i));
    }
    Class<?>[] types = attributes.stream().map(Attribute::type).toArray(Class<?>[]::new);
    try {
      return type.getConstructor(types).newInstance(arguments);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof IllegalArgumentException wrong) {
        throw wrong;
      }
      throw new IllegalStateException(e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("Record " + type + ": expected to be public.", e);
    }
  }

  private static List<String> words(Record record, boolean changedOnly) {
    List<String> words = new ArrayList<>();
    for (Attribute attribute : Attribute.of(record.getClass())) {
      Object value = attribute.valueIn(record);
      boolean isDefault =
          attribute.defaultText().map(text -> attribute.parse(text).equals(value)).orElse(false);
      if (!changedOnly || !isDefault) {
        words.add(attribute.name() + "=" + attribute.print(value));
      }
    }
    return words;
  }
}
