package dev.fovea.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.ml.Estimator;
import org.apache.spark.ml.Model;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.param.Params;
import org.apache.spark.ml.util.MLWritable;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What Spark expects of every estimator and of the model it fits. A subclass says how to make one
 * and data it can learn from; params that it sets must differ from their defaults.
 *
 * @param <E> the estimator
 * @param <M> its model
 */
abstract class EstimatorContract<
    E extends Estimator<M> & MLWritable, M extends Model<M> & MLWritable> {
  @TempDir Path directory;

  @BeforeAll
  static void startSpark() {
    assertThat(SharedSpark.session().sparkContext().isStopped()).isFalse();
  }

  /** An estimator with some params set. */
  abstract E estimator();

  abstract E load(String path);

  abstract M loadModel(String path);

  abstract Dataset<Row> data();

  /** Columns that the model adds, in order. */
  abstract List<String> outputColumns();

  @Test
  void everyParamHasADocOfItsOwn() {
    Param<?>[] params = estimator().params();
    assertThat(params).allSatisfy(param -> assertThat(param.doc()).isNotBlank());
    assertThat(Arrays.stream(params).map(Param::doc)).doesNotHaveDuplicates();
    assertThat(estimator().explainParams().lines()).hasSizeGreaterThanOrEqualTo(params.length);
  }

  @Test
  void everyParamHasAGetter() {
    E estimator = estimator();
    for (Param<?> param : estimator.params()) {
      String name = param.name();
      String getter = "get" + Character.toUpperCase(name.charAt(0)) + name.substring(1);
      assertThat(estimator.getClass().getMethods())
          .anyMatch(method -> method.getName().equals(getter) && method.getParameterCount() == 0);
    }
  }

  @Test
  void aCopyKeepsUidAndValuesAndTakesMore() {
    E estimator = estimator();
    Param<Object> extra = estimator.getParam("predictionCol");
    Estimator<M> copy = estimator.copy(ParamMap.empty().put(extra, "more"));
    assertThat(copy).isNotSameAs(estimator).hasSameClassAs(estimator);
    assertThat(copy.uid()).isEqualTo(estimator.uid());
    assertThat(estimator.isSet(extra)).isFalse();
    assertSameParams(copy, estimator.set(extra, "more"));
  }

  @Test
  void twoEstimatorsHaveTwoUids() {
    assertThat(estimator().uid()).isNotEqualTo(estimator().uid());
  }

  @Test
  void aSavedEstimatorIsLoadedWithItsParams() throws IOException {
    E estimator = estimator();
    String path = directory.resolve("estimator").toString();
    estimator.write().save(path);
    E loaded = load(path);
    assertThat(loaded.uid()).isEqualTo(estimator.uid());
    assertSameParams(loaded, estimator);
  }

  @Test
  void savingRefusesToOverwriteUnlessAsked() throws IOException {
    String path = directory.resolve("estimator").toString();
    estimator().write().save(path);
    assertThatThrownBy(() -> estimator().write().save(path))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("already exists");
    E second = estimator();
    second.write().overwrite().save(path);
    assertThat(load(path).uid()).isEqualTo(second.uid());
  }

  @Test
  void transformSchemaAddsTheOutputColumnsOfTransform() {
    E estimator = estimator();
    StructType schema = estimator.transformSchema(data().schema());
    List<String> columns = Arrays.asList(schema.fieldNames());
    assertThat(columns.subList(data().columns().length, columns.size())).isEqualTo(outputColumns());
    M model = estimator.fit(data());
    assertThat(model.transformSchema(data().schema())).isEqualTo(schema);
    assertThat(model.transform(data()).columns()).isEqualTo(schema.fieldNames());
  }

  @Test
  void aModelKnowsItsEstimatorAndHasItsParams() {
    E estimator = estimator();
    M model = estimator.fit(data());
    assertThat(model.hasParent()).isTrue();
    assertThat(model.parent().uid()).isEqualTo(estimator.uid());
    assertSameParams(model, estimator);
    M copy = model.copy(ParamMap.empty());
    assertThat(copy.parent()).isSameAs(model.parent());
    assertSameParams(copy, model);
  }

  @Test
  void aSavedModelIsLoadedWithItsParams() throws IOException {
    M model = estimator().fit(data());
    String path = directory.resolve("model").toString();
    model.write().save(path);
    assertThatThrownBy(() -> model.write().save(path)).isInstanceOf(IOException.class);
    model.write().overwrite().save(path);
    M loaded = loadModel(path);
    assertThat(loaded.uid()).isEqualTo(model.uid());
    assertSameParams(loaded, model);
    assertThat(loaded.transform(data()).collectAsList())
        .isEqualTo(model.transform(data()).collectAsList());
  }

  @Test
  void fittingInAPipelineAfterSavingIt() throws IOException {
    E estimator = estimator();
    String path = directory.resolve("pipeline").toString();
    new Pipeline().setStages(new PipelineStage[] {estimator}).write().save(path);
    Dataset<Row> predicted = Pipeline.load(path).fit(data()).transform(data());
    assertThat(predicted.collectAsList())
        .isEqualTo(estimator.fit(data()).transform(data()).collectAsList());
  }

  private static void assertSameParams(Params actual, Params expected) {
    for (Param<?> param : expected.params()) {
      Param<Object> same = actual.getParam(param.name());
      assertThat(actual.isSet(same)).as(param.name()).isEqualTo(expected.isSet(param));
      if (expected.isDefined(param)) {
        assertThat(actual.getOrDefault(same))
            .as(param.name())
            .isEqualTo(expected.getOrDefault(param));
      }
    }
  }
}
