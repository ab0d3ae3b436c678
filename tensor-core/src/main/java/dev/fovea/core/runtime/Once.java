package dev.fovea.core.runtime;

import java.util.function.Supplier;

/** A value made at first use, once; a failure is kept and thrown every time. Thread safe. */
final class Once<T> {
  private final Supplier<T> maker;
  private volatile T value;
  private RuntimeException failure;

  Once(Supplier<T> maker) {
    this.maker = maker;
  }

  T value() {
    T made = value;
    return made != null ? made : make();
  }

  private synchronized T make() {
    if (failure != null) {
      throw failure;
    }
    if (value == null) {
      try {
        value = maker.get();
      } catch (RuntimeException e) {
        failure = e;
        throw e;
      }
    }
    return value;
  }
}
