package dev.fovea.core.exchange;

import dev.fovea.core.runtime.NetworkDescription.Bucket;
import java.util.List;
import java.util.Optional;

/** Says why a message of a group's rank cannot be accepted; empty where it can. Immutable. */
final class MessageCheck {
  private final List<Bucket> buckets;
  private final int ranks;
  private final List<Integer> senders;

  /**
   * @param ranks number of ranks of the group
   * @param senders those of them that send gradients and evaluations here
   */
  MessageCheck(List<Bucket> buckets, int ranks, List<Integer> senders) {
    this.buckets = buckets;
    this.ranks = ranks;
    this.senders = senders;
  }

  Optional<RuntimeException> of(WeightsRequest request) {
    return rank("Weights", request.rank()).or(() -> bucket(request.rank(), request.bucket()));
  }

  /** A part counts for the step at the position; one of the step before is answered again. */
  Optional<RuntimeException> of(GradientPart part, Position position) {
    return form(part).or(() -> step(part, position));
  }

  /** Whatever the step is. */
  Optional<RuntimeException> form(GradientPart part) {
    return rank("Gradient", part.rank())
        .or(() -> sender("Gradient", part.rank()))
        .or(() -> bucket(part.rank(), part.bucket()))
        .or(() -> size(part));
  }

  Optional<RuntimeException> of(Evaluation evaluation, Position position) {
    return form(evaluation).or(() -> epoch(evaluation, position));
  }

  /** Whatever the epoch is. */
  Optional<RuntimeException> form(Evaluation evaluation) {
    return rank("Evaluation", evaluation.rank()).or(() -> sender("Evaluation", evaluation.rank()));
  }

  private Optional<RuntimeException> sender(String message, int rank) {
    return senders.contains(rank)
        ? Optional.empty()
        : Optional.of(
            new IllegalArgumentException(
                "%s: expected one of ranks %s, who speak for the others. Received: one of rank %d."
                    .formatted(message, senders, rank)));
  }

  private Optional<RuntimeException> rank(String message, int rank) {
    return rank >= 0 && rank < ranks
        ? Optional.empty()
        : Optional.of(
            new IllegalArgumentException(
                "%s: expected a rank 0 to %d. Received: %d.".formatted(message, ranks - 1, rank)));
  }

  private Optional<RuntimeException> bucket(int rank, int bucket) {
    return bucket >= 0 && bucket < buckets.size()
        ? Optional.empty()
        : Optional.of(
            new IllegalArgumentException(
                "Rank %d: expected a bucket 0 to %d. Received: %d."
                    .formatted(rank, buckets.size() - 1, bucket)));
  }

  private Optional<RuntimeException> size(GradientPart part) {
    long bytes = buckets.get(part.bucket()).count() * Float.BYTES;
    int received = part.floats().remaining();
    return received == 0 || received == bytes
        ? Optional.empty()
        : Optional.of(
            new IllegalArgumentException(
                "Rank %d, bucket %d: expected a gradient of %d bytes, or of none. Received: %d."
                    .formatted(part.rank(), part.bucket(), bytes, received)));
  }

  private static Optional<RuntimeException> step(GradientPart part, Position position) {
    boolean running = position.directive() == Directive.STEP && part.step() == position.step();
    boolean before = part.step() == position.step() - 1 && part.step() > 0;
    return running || before
        ? Optional.empty()
        : Optional.of(
            new IllegalStateException(
                "Rank %d: expected a gradient of step %d. Received: one of step %d. Say hello again to join at the running step."
                    .formatted(part.rank(), position.step(), part.step())));
  }

  private static Optional<RuntimeException> epoch(Evaluation evaluation, Position position) {
    boolean running =
        position.directive() == Directive.EVALUATE && evaluation.epoch() == position.epoch();
    boolean before = evaluation.epoch() == position.epoch() - 1;
    return running || before
        ? Optional.empty()
        : Optional.of(
            new IllegalStateException(
                "Rank %d: expected what step %d of epoch %d needs. Received: an evaluation of epoch %d."
                    .formatted(
                        evaluation.rank(), position.step(), position.epoch(), evaluation.epoch())));
  }
}
