package dev.fovea.spark.transport;

import java.security.SecureRandom;
import java.util.Base64;
import org.apache.spark.SparkEnv;
import org.apache.spark.network.sasl.SecretKeyHolder;

/** A secret that both sides of one fit know. */
final class FitSecret implements SecretKeyHolder {
  private static final int BYTES = 32;

  private final String secret;

  private FitSecret(String secret) {
    this.secret = secret;
  }

  /** A new secret. */
  static String draw() {
    byte[] bytes = new byte[BYTES];
    new SecureRandom().nextBytes(bytes);
    return Base64.getEncoder().encodeToString(bytes);
  }

  /**
   * The keys that this JVM authenticates with.
   *
   * @param secret of the fit; null for Spark's own
   */
  static SecretKeyHolder keys(String secret) {
    return secret == null ? SparkEnv.get().securityManager() : new FitSecret(secret);
  }

  @Override
  public String getSaslUser(String fit) {
    return "fovea";
  }

  @Override
  public String getSecretKey(String fit) {
    return secret;
  }
}
