package dev.fovea.core.network;

import dev.fovea.core.layer.Layer;
import dev.fovea.core.layer.ParametricLayer;
import dev.fovea.core.loss.Loss;
import dev.fovea.core.runtime.LibraryInfo;
import dev.fovea.core.runtime.NativeLibrary;
import dev.fovea.core.text.RecordText;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The layer types by name: the records in the rooms of {@link Layer} and {@link Loss}. There is no
 * list to keep here; native's registry is the list, and a test compares both.
 */
final class LayerTypes {
  private static final Pattern TYPE = Pattern.compile("[A-Z][A-Za-z0-9]*");
  private static final List<Class<?>> ROOMS = List.of(Layer.class, Loss.class);
  private static final List<String> CONNECTIONS = List.of("from", "weightsOf");

  private LayerTypes() {}

  /** The record of that simple name. */
  static Optional<Class<? extends Layer>> find(String type) {
    return ROOMS.stream().flatMap(room -> find(room, type).stream()).findFirst();
  }

  /** The names native registers, in alphabetical order. */
  static List<String> names() {
    return NativeLibrary.info().layers().stream()
        .map(LibraryInfo.TypeInfo::name)
        .collect(Collectors.toList());
  }

  /** Every attribute a line of that type takes, in native's order. */
  static List<String> attributes(Class<? extends Layer> type) {
    List<String> names = new ArrayList<>(CONNECTIONS);
    if (ParametricLayer.class.isAssignableFrom(type)) {
      names.addAll(RecordText.names(ParameterSettings.class));
    }
    names.addAll(RecordText.names(type));
    return names;
  }

  private static Optional<Class<? extends Layer>> find(Class<?> room, String type) {
    if (!TYPE.matcher(type).matches()) {
      return Optional.empty();
    }
    String name = room.getPackageName() + "." + type;
    try {
      Class<?> found = Class.forName(name, false, LayerTypes.class.getClassLoader());
      boolean isLayer = found.isRecord() && Layer.class.isAssignableFrom(found);
      return isLayer ? Optional.of(found.asSubclass(Layer.class)) : Optional.empty();
    } catch (ClassNotFoundException e) {
      return Optional.empty();
    }
  }
}
