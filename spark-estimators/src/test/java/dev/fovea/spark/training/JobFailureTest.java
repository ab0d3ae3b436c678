package dev.fovea.spark.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fovea.spark.transport.RelayUnavailableException;
import java.io.IOException;
import org.apache.spark.SparkException;
import org.junit.jupiter.api.Test;

class JobFailureTest {
  @Test
  void whatTheUserGotWrongIsNotTriedAgain() {
    Exception badRow = new SparkException("Job aborted", new IllegalArgumentException("row 3"));

    assertThat(JobFailure.isFinal(badRow)).isTrue();
    assertThat(JobFailure.explain(badRow))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("row 3")
        .hasCause(badRow);
  }

  @Test
  void whatTheUserCancelledIsNotTriedAgain() {
    for (String message :
        new String[] {
          "Job 3 cancelled ",
          "Job 3 cancelled part of cancelled job group mine",
          "Job 12 cancelled as part of cancellation of all jobs",
          "[SPARK_JOB_CANCELLED] Job 1 cancelled because Stage 2 was cancelled SQLSTATE: XXKDA",
          "Job 0 cancelled because SparkContext was shut down"
        }) {
      assertThat(JobFailure.isFinal(new SparkException(message))).as(message).isTrue();
    }
  }

  @Test
  void whatAMachineDidIsTriedAgain() {
    assertThat(
            JobFailure.isFinal(
                new SparkException(
                    "Job aborted due to stage failure: Task 1 in stage 2.0 failed 4 times",
                    new IOException("disk"))))
        .isFalse();
    assertThat(JobFailure.isFinal(new SparkException(null))).isFalse();
  }

  @Test
  void whatATaskSaysOfAnythingCancelledOrShutDownIsTriedAgain() {
    for (String thrown :
        new String[] {
          "java.lang.IllegalStateException: Connection pool shut down",
          "io.grpc.StatusRuntimeException: CANCELLED: call already cancelled",
          "java.util.concurrent.CancellationException: Row cache: told to end after 512 rows.",
          "ExecutorLostFailure (executor 2 exited): the container was killed by its manager",
          "java.io.IOException:\nJob 3 cancelled because it is late"
        }) {
      String message =
          "Job aborted due to stage failure: Task 1 in stage 2.0 failed 4 times, most recent"
              + " failure: Lost task 1.3 in stage 2.0 (TID 9) (10.0.0.7 executor 2): "
              + thrown
              + "\n\tat java.base/java.util.concurrent.FutureTask.run(FutureTask.java:264)"
              + "\n\nDriver stacktrace:";
      assertThat(JobFailure.isFinal(new SparkException(message))).as(thrown).isFalse();
    }
  }

  @Test
  void aRelayThatCannotBeOpenedIsNoFaultOfTheUsers() {
    Exception noPort = new RelayUnavailableException("no port", new IOException("taken"));

    assertThat(JobFailure.isOfRelay(new SparkException("Job aborted", noPort))).isTrue();
    assertThat(JobFailure.isFinal(new SparkException("Job aborted", noPort))).isFalse();
    assertThat(JobFailure.isOfRelay(new SparkException("Job aborted", new IOException("disk"))))
        .isFalse();
  }

  @Test
  void checkedExceptionsAreThrownAsTheyAre() {
    IOException checked = new IOException("as it is");

    assertThatThrownBy(
            () -> {
              throw JobFailure.unchecked(checked);
            })
        .isSameAs(checked);
  }
}
