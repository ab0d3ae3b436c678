package dev.fovea.acceptance.cluster;

import dev.fovea.core.format.Json;
import java.util.Map;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.master.Master;
import org.apache.spark.rpc.RpcEnv;
import scala.Tuple3;

/**
 * Spark's Master on ports that are free, which it says in a line of JSON on standard output. Spark
 * itself says them in its log alone, and has none where no logger is bound: Maven's jars of Spark
 * 3.5 bring one that their slf4j does not find.
 */
final class MasterProgram {
  private MasterProgram() {}

  public static void main(String[] arguments) {
    Tuple3<RpcEnv, Object, ?> started =
        Master.startRpcEnvAndEndpoint("127.0.0.1", 0, 0, new SparkConf());
    System.out.print(
        Json.print(
                Map.of(
                    "url",
                    started._1().address().toSparkURL(),
                    "pages",
                    "http://127.0.0.1:" + started._2()))
            + "\n");
    System.out.flush();
    started._1().awaitTermination();
  }
}
