package dev.fovea.benchmarks.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A library that is measured.
 *
 * @param key as on the command line: {@code pytorch}
 * @param name as in the tables: {@code PyTorch}
 * @param variants what its child can do
 * @param command starts a child; the name of the network and the number of threads are added to it
 * @param environment of the child, besides the parent's; {@code THREADS} in a value stands for the
 *     number of threads
 */
public record Engine(
    String key,
    String name,
    List<Variant> variants,
    List<String> command,
    Map<String, String> environment) {
  public static final String FOVEA = "fovea";
  public static final String PYTORCH = "pytorch";

  public Engine {
    variants = List.copyOf(variants);
    command = List.copyOf(command);
    environment = Map.copyOf(environment);
  }

  /** What it can do of that kind. */
  public List<Variant> variants(Mode mode, Precision precision) {
    return variants.stream()
        .filter(variant -> variant.precision() == precision && variant.modes().contains(mode))
        .toList();
  }

  /** Starts a process and waits until it says that it is ready. */
  public Child start(String network, int threads) throws ChildException {
    List<String> words = new ArrayList<>(command);
    words.add(network);
    words.add(Integer.toString(threads));
    ProcessBuilder builder = new ProcessBuilder(words);
    environment.forEach(
        (name, value) ->
            builder.environment().put(name, value.replace("THREADS", Integer.toString(threads))));
    return Child.start("%s (%s, %d threads)".formatted(name, network, threads), builder);
  }
}
