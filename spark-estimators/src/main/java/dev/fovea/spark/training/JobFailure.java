package dev.fovea.spark.training;

import dev.fovea.core.runtime.NativeLibraryException;
import java.util.regex.Pattern;

/** From what Spark reports of a job to what its user should read. */
final class JobFailure {
  /** What Spark says of a job, a stage or a context that somebody ended. */
  private static final Pattern CANCELLED =
      Pattern.compile("cancelled|cancellation|was killed by|shut down", Pattern.CASE_INSENSITIVE);

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
    for (Throwable cause = jobFailure; cause != null; cause = cause.getCause()) {
      if (cause instanceof IllegalArgumentException || cause instanceof NativeLibraryException) {
        return true;
      }
    }
    return CANCELLED.matcher(String.valueOf(jobFailure.getMessage())).find();
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
