package dev.fovea.spark;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/**
 * The rooms of this module and the arrows between them; and what one jar for all Sparks forbids.
 */
@AnalyzeClasses(packages = "dev.fovea.spark", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  @ArchTest
  static final ArchRule ARROWS_POINT_ONE_WAY =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .layer("stages")
          .definedBy("dev.fovea.spark")
          .layer("param")
          .definedBy("dev.fovea.spark.param..")
          .layer("inference")
          .definedBy("dev.fovea.spark.inference..")
          .layer("training")
          .definedBy("dev.fovea.spark.training..")
          .layer("checkpoint")
          .definedBy("dev.fovea.spark.checkpoint..")
          .layer("transport")
          .definedBy("dev.fovea.spark.transport..")
          .layer("data")
          .definedBy("dev.fovea.spark.data..")
          .whereLayer("stages")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("param")
          .mayOnlyBeAccessedByLayers("stages")
          .whereLayer("inference")
          .mayOnlyBeAccessedByLayers("stages")
          .whereLayer("training")
          .mayOnlyBeAccessedByLayers("stages")
          .whereLayer("checkpoint")
          .mayOnlyBeAccessedByLayers("stages", "param", "training")
          .whereLayer("transport")
          .mayOnlyBeAccessedByLayers("training")
          .whereLayer("data")
          .mayOnlyBeAccessedByLayers("stages", "inference", "training");

  @ArchTest
  static final ArchRule ONLY_THIS_JAR_AND_SPARK_ARE_KNOWN =
      classes()
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "dev.fovea.spark..",
              "dev.fovea.core..",
              "java..",
              "org.apache.spark..",
              "org.apache.hadoop..",
              "org.slf4j..",
              "io.netty.buffer",
              "io.netty.channel",
              "io.netty.util",
              "io.netty.util.concurrent",
              "scala..");

  /** Its basics are the same under all Sparks, but they are no business of others. */
  @ArchTest
  static final ArchRule NETTY_IS_THE_TRANSPORTS =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.fovea.spark.transport..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.netty..");

  /** Their classes or names differ between Spark 3.5 and 4, or between Scala 2.12 and 2.13. */
  @ArchTest
  static final ArchRule NOTHING_THAT_DIFFERS_BETWEEN_SPARKS =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.json4s..",
              "com.fasterxml..",
              "org.apache.arrow..",
              "scala.jdk..",
              "org.apache.spark.sql.classic..",
              "org.apache.spark.internal..");

  /** Iterators are the same in Scala 2.12 and 2.13; Seq, Map and the others are not. */
  @ArchTest
  static final ArchRule OF_SCALAS_COLLECTIONS_ONLY_WHAT_IS_THE_SAME =
      noClasses()
          .should()
          .dependOnClassesThat(
              DescribedPredicate.describe(
                  "Scala collections other than Iterable and iterators",
                  (JavaClass type) ->
                      type.getPackageName().startsWith("scala.collection")
                          && !type.getName().equals("scala.collection.Iterable")
                          && !type.getName().equals("scala.collection.AbstractIterator")
                          && !type.getName().equals("scala.collection.Iterator")));

  @ArchTest
  static final ArchRule NO_SCALA_COLLECTION_IN_A_SIGNATURE =
      methods()
          .should()
          .notHaveRawReturnType(
              DescribedPredicate.describe(
                  "a Scala collection other than Iterator",
                  (JavaClass type) ->
                      type.getPackageName().startsWith("scala.collection")
                          && !type.getName().equals("scala.collection.Iterator")));
}
