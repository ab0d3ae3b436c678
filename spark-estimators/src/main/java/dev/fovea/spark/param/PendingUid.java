package dev.fovea.spark.param;

/**
 * Carries a uid past Spark's super constructors.
 *
 * <p>The constructors of Spark's predictor classes build params, which call {@code uid()} before a
 * Java subclass could assign its field. So the subclass stashes the uid while it evaluates the
 * arguments of its private constructor, and {@code uid()} fetches it from here the first time:
 *
 * <pre>{@code
 * public Stage(String uid) { this(PendingUid.stash(uid)); }
 * private Stage(PendingUid pending) { super(); pending.clear(); ... }
 * public String uid() { if (uid == null) { uid = PendingUid.current(); } return uid; }
 * }</pre>
 */
public final class PendingUid {
  private static final ThreadLocal<String> CURRENT = new ThreadLocal<>();
  private static final PendingUid TOKEN = new PendingUid();

  private PendingUid() {}

  /** Remembers {@code uid} for the stage that this thread is building. */
  public static PendingUid stash(String uid) {
    CURRENT.set(uid);
    return TOKEN;
  }

  /** The uid of the stage that this thread is building; null when it builds none. */
  public static String current() {
    return CURRENT.get();
  }

  /** Forgets the uid; called once the stage has fetched it. */
  public void clear() {
    CURRENT.remove();
  }
}
