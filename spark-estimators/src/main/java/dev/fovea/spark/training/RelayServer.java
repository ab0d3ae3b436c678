package dev.fovea.spark.training;

/** Lets the ranks of a relay in, until it is closed. */
interface RelayServer extends AutoCloseable {
  /** Where it is, for {@link EndpointAddress#ofRelay}. */
  String address();

  @Override
  void close();
}
