/**
 * Training on executors that are processes of their own: a Master and Workers, or {@code
 * local-cluster}, started from Maven's jars alone.
 *
 * <p>A test starts a {@code StandaloneCluster} and a {@code TrainingDriver}, the test's side of a
 * {@code TrainingProgram}, which is the Spark application: a JVM that does the fits it is sent and
 * says each step as it is done. Then the test kills, stops or cancels something, and compares the
 * weights with those of a fit that was left alone.
 */
package dev.fovea.acceptance.cluster;
