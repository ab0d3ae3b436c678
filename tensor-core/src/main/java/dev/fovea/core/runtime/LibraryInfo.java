package dev.fovea.core.runtime;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the loaded library says about itself.
 *
 * @param version of the library, equal to the version of the jar
 * @param target instruction set in use on this CPU
 * @param targets every instruction set this CPU can run, best first
 * @param layers every layer type, in alphabetical order
 * @param optimizers every optimizer type, in alphabetical order
 */
public record LibraryInfo(
    String version,
    String target,
    List<String> targets,
    List<TypeInfo> layers,
    List<TypeInfo> optimizers) {

  public LibraryInfo {
    targets = List.copyOf(targets);
    layers = List.copyOf(layers);
    optimizers = List.copyOf(optimizers);
  }

  /** A layer or optimizer type with everything that may be set on it, in native's order. */
  public record TypeInfo(String name, List<AttributeInfo> attributes) {
    public TypeInfo {
      attributes = List.copyOf(attributes);
    }

    /** The attribute of that name, or empty. */
    public Optional<AttributeInfo> attribute(String attributeName) {
      return attributes.stream().filter(a -> a.name().equals(attributeName)).findFirst();
    }
  }

  /** An attribute; without a default it must be given. */
  public record AttributeInfo(String name, Optional<String> defaultValue) {}

  /** Reads the lines of {@link NativeMethods#libraryInfo}. */
  static LibraryInfo parse(String text) {
    String version = "";
    String target = "";
    List<String> targets = List.of();
    List<TypeInfo> layers = new ArrayList<>();
    List<TypeInfo> optimizers = new ArrayList<>();
    for (String line : text.lines().toList()) {
      List<String> words = List.of(line.strip().split(" +"));
      switch (words.get(0)) {
        case "version" -> version = words.get(1);
        case "target" -> target = words.get(1);
        case "targets" -> targets = List.of(words.get(1).split(",", -1));
        case "layer" -> layers.add(type(words));
        case "optimizer" -> optimizers.add(type(words));
        default ->
            throw new IllegalStateException(
                "Library info: expected version, target, targets, layer or optimizer. Received: '"
                    + line
                    + "'.");
      }
    }
    return new LibraryInfo(version, target, targets, layers, optimizers);
  }

  private static TypeInfo type(List<String> words) {
    List<AttributeInfo> attributes = new ArrayList<>();
    for (String word : words.subList(2, words.size())) {
      int equals = word.indexOf('=');
      attributes.add(
          equals < 0
              ? new AttributeInfo(word, Optional.empty())
              : new AttributeInfo(
                  word.substring(0, equals), Optional.of(word.substring(equals + 1))));
    }
    return new TypeInfo(words.get(1), attributes);
  }
}
