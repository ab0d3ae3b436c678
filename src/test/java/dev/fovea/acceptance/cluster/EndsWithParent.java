package dev.fovea.acceptance.cluster;

import java.util.Arrays;

/** Runs another main class, and ends the JVM when the one that started it has ended, however. */
final class EndsWithParent {
  private EndsWithParent() {}

  public static void main(String[] arguments) throws Exception {
    ProcessHandle parent = ProcessHandle.current().parent().orElseThrow();
    var unused = parent.onExit().thenRun(() -> Runtime.getRuntime().halt(1));
    Class.forName(arguments[0])
        .getMethod("main", String[].class)
        .invoke(null, (Object) Arrays.copyOfRange(arguments, 1, arguments.length));
  }
}
