package dev.fovea.spark.training;

import dev.fovea.core.runtime.NativeLibraryException;
import dev.fovea.spark.transport.RelayUnavailableException;
import java.util.regex.Pattern;

/** From what Spark reports of a job to what its user should read. */
final class JobFailure {
  /**
   * How Spark begins what it says of a job that somebody ended, by itself, by a stage, a group, a
   * tag or the context. What a task said comes later in a message, and tells nothing of this.
   */
  private static final Pattern CANCELLED =
      Pattern.compile("(\\[SPARK_JOB_CANCELLED] )?Job \\d+ cancelled ");

  private JobFailure() {}

  /**
   * An IllegalArgumentException with the message of the one that a task threw, if a task did: a bad
   * row, a bad network. Otherwise Spark's own exception.
   */
  static Throwable explain(Throwable jobFailure) {
    for (Throwable cause = jobFailure; cause != null; cause = cause.getCause()) {
      if (cause instanceof IllegalArgumentException) {
        return new IllegalArgumentException(cause.getMessage(), jobFailure);
      }
    }
    return jobFailure;
  }

  /**
   * True where the same would happen again: a bad row, a bad network, a library that is not there;
   * or where the user wants the job to end.
   */
  static boolean isFinal(Throwable jobFailure) {
    return isCausedBy(IllegalArgumentException.class, jobFailure)
        || isCausedBy(NativeLibraryException.class, jobFailure)
        || CANCELLED.matcher(String.valueOf(jobFailure.getMessage())).lookingAt();
  }

  /** True where a leader of a tree could not open its relay. */
  static boolean isOfRelay(Throwable jobFailure) {
    return isCausedBy(RelayUnavailableException.class, jobFailure);
  }

  private static boolean isCausedBy(Class<? extends Throwable> type, Throwable failure) {
    return failure != null && (type.isInstance(failure) || isCausedBy(type, failure.getCause()));
  }

  /**
   * Throws any exception as it is. Spark's are checked in Java, and {@code fit}, a Scala method,
   * declares none.
   */
  static RuntimeException unchecked(Throwable failure) {
    return JobFailure.<RuntimeException>raise(failure);
  }

  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // Erased: throws it unchanged.
  private static <E extends Throwable> RuntimeException raise(Throwable failure) throws E {
    throw (E) failure;
  }
}
