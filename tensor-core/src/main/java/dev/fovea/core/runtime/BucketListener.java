package dev.fovea.core.runtime;

/** Hears of the gradient as it grows: from the last layers to the first, bucket by bucket. */
@FunctionalInterface
public interface BucketListener {
  /** Hears nothing. */
  BucketListener NONE = bucket -> {};

  /** The bucket is complete and stays as it is. Later buckets are still being added to. */
  void complete(NetworkDescription.Bucket bucket);
}
