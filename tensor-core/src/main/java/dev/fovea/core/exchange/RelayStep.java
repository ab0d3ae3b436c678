package dev.fovea.core.exchange;

import dev.fovea.core.runtime.NetworkDescription.Bucket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The running step of a relay: what its ranks have sent, and who waits for the answer. Guarded by
 * the relay's lock, but for the averager, which has its own.
 *
 * <p>The first part of a later step begins it: by then every bucket of the one before is answered.
 */
final class RelayStep {
  final GradientAverager averager;
  private final MessageCheck messages;
  private final List<List<Answer<WeightsPart>>> waiting = new ArrayList<>();
  private final boolean[] answered;
  private final long[] computeNanos;
  private long step; // 0 before the first part

  RelayStep(List<Integer> members, Config config) {
    List<Bucket> buckets = config.buckets();
    long weightCount = buckets.stream().mapToLong(b -> b.offset() + b.count()).max().orElse(0);
    this.averager = new GradientAverager(members, buckets, weightCount);
    this.messages = new MessageCheck(buckets, config.ranks(), members);
    this.answered = new boolean[buckets.size()];
    this.computeNanos = new long[buckets.size()];
    buckets.forEach(bucket -> waiting.add(new ArrayList<>()));
    Arrays.fill(answered, true); // Nothing is waited for.
  }

  /**
   * Notes a part before it is added, and the answer to it.
   *
   * @return why it cannot be accepted; empty where it can
   */
  Optional<RuntimeException> accept(GradientPart part, Answer<WeightsPart> answer) {
    Optional<RuntimeException> refusal = messages.form(part).or(() -> order(part));
    if (refusal.isEmpty()) {
      if (part.step() != step) {
        begin(part.step());
      }
      int bucket = part.bucket();
      waiting.get(bucket).add(answer);
      computeNanos[bucket] = Math.max(computeNanos[bucket], part.computeNanos());
    }
    return refusal;
  }

  Optional<RuntimeException> check(Evaluation evaluation) {
    return messages.form(evaluation);
  }

  /** The longest that a rank has computed for the bucket. */
  long computeNanos(int bucket) {
    return computeNanos[bucket];
  }

  /** The new weights of the bucket are there; the answers that wait for them. */
  List<Answer<WeightsPart>> answered(int bucket) {
    answered[bucket] = true;
    return waiting.set(bucket, new ArrayList<>());
  }

  /** All answers that are waited for. */
  List<Answer<WeightsPart>> takeWaiting() {
    List<Answer<WeightsPart>> taken = waiting.stream().flatMap(List::stream).toList();
    waiting.forEach(List::clear);
    return taken;
  }

  private void begin(long next) {
    step = next;
    Arrays.fill(answered, false);
    Arrays.fill(computeNanos, 0);
    averager.begin(next);
  }

  private Optional<RuntimeException> order(GradientPart part) {
    boolean ofThisStep = part.step() == step && !answered[part.bucket()];
    return ofThisStep || (part.step() > step && isAnswered())
        ? Optional.empty()
        : Optional.of(
            new IllegalStateException(
                "Rank %d: expected a gradient of step %d. Received: one of step %d, bucket %d."
                    .formatted(
                        part.rank(), isAnswered() ? step + 1 : step, part.step(), part.bucket())));
  }

  private boolean isAnswered() {
    for (boolean done : answered) {
      if (!done) {
        return false;
      }
    }
    return true;
  }
}
