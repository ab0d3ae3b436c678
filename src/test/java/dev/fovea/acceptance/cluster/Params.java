package dev.fovea.acceptance.cluster;

import dev.fovea.spark.CnnClassifier;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;

/** Sets params from JSON, whose numbers have one type. */
final class Params {
  private Params() {}

  static void set(CnnClassifier classifier, String name, Object value) {
    Param<Object> param = classifier.getParam(name);
    classifier.set(param, typed(param, value));
  }

  private static Object typed(Param<?> param, Object value) {
    if (!(value instanceof Number number)) {
      return value;
    }
    if (IntParam.class.isInstance(param)) {
      return number.intValue();
    }
    return LongParam.class.isInstance(param) ? (Object) number.longValue() : number.doubleValue();
  }
}
