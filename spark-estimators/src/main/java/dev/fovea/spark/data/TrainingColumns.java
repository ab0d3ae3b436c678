package dev.fovea.spark.data;

import java.io.Serializable;

/**
 * Names of the columns that training reads.
 *
 * @param weight "" where every row weighs 1
 * @param validation "" where all rows are trained on
 */
public record TrainingColumns(String features, String label, String weight, String validation)
    implements Serializable {}
