package dev.fovea.core.text;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * One component of a record: its name, type, range and default, and how its value is written.
 *
 * <p>Types: {@code int}, {@code double}, {@code boolean}, {@code String}, and any public class with
 * a static {@code parse(String)} and a {@code text()} that undo each other. {@code parse} throws
 * {@link UnexpectedValueException}.
 */
final class Attribute {
  private final Class<?> owner;
  private final RecordComponent component;
  private final Bounds bounds;

  private Attribute(Class<?> owner, RecordComponent component) {
    this.owner = owner;
    this.component = component;
    this.bounds = new Bounds(component.getAnnotation(Range.class));
  }

  /** The attributes of a record, in the order of its components. */
  static List<Attribute> of(Class<?> type) {
    if (!type.isRecord()) {
      throw new IllegalStateException("Type " + type.getName() + ": expected a record.");
    }
    List<Attribute> attributes = new ArrayList<>();
    for (RecordComponent component : type.getRecordComponents()) {
      attributes.add(new Attribute(type, component));
    }
    return attributes;
  }

  String name() {
    return component.getName();
  }

  Class<?> type() {
    return component.getType();
  }

  Optional<String> defaultText() {
    return Optional.ofNullable(component.getAnnotation(Default.class)).map(Default::value);
  }

  Object valueIn(Record record) {
    try {
      return component.getAccessor().invoke(record);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("Record " + owner.getName() + ": expected to be public.", e);
    }
  }

  String print(Object value) {
    if (value instanceof Double number) {
      return NumberText.print(number);
    }
    if (type().isPrimitive() || type() == String.class) {
      return value.toString();
    }
    return (String) call("text", value);
  }

  /** The value written as {@code text}, in its range. */
  Object parse(String text) {
    try {
      if (type() == int.class) {
        OptionalInt number = NumberText.parseInt(text);
        if (number.isEmpty() || !bounds.contain(number.getAsInt())) {
          throw new UnexpectedValueException("an integer" + bounds, text);
        }
        return number.getAsInt();
      }
      if (type() == double.class) {
        OptionalDouble number = NumberText.parseDouble(text);
        if (number.isEmpty() || !bounds.contain(number.getAsDouble())) {
          throw new UnexpectedValueException("a number" + bounds, text);
        }
        return number.getAsDouble();
      }
      if (type() == boolean.class) {
        if (!text.equals("true") && !text.equals("false")) {
          throw new UnexpectedValueException("true or false", "'" + text + "'");
        }
        return text.equals("true");
      }
      return type() == String.class ? text : call("parse", null, text);
    } catch (UnexpectedValueException e) {
      throw new AttributeException(owner, name(), e);
    }
  }

  /** Throws AttributeException unless the value is there and its own text gives it back. */
  void check(Object value) {
    if (value == null) {
      throw missing();
    }
    Object read = parse(print(value));
    if (!read.equals(value)) {
      throw new IllegalStateException(
          "Attribute %s of %s: expected text that reads back. Received: %s."
              .formatted(name(), owner.getSimpleName(), print(value)));
    }
  }

  AttributeException missing() {
    return new AttributeException(owner, name(), "a value", "nothing");
  }

  private Object call(String method, Object target, String... text) {
    Class<?>[] types = text.length == 0 ? new Class<?>[0] : new Class<?>[] {String.class};
    try {
      return type().getMethod(method, types).invoke(target, (Object[]) text);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException(e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(
          "Attribute type " + type().getName() + ": expected text() and static parse(String).", e);
    }
  }
}
