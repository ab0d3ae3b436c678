package dev.fovea.core.runtime;

import java.util.List;

/**
 * How native is to prepare a network; named as in native.
 *
 * @param outputs names of the layers whose results are wanted; read in mode predict only
 * @param maxRows rows of the largest call, &gt; 0
 * @param maxStretches stretches of the call that has most, &gt; 0; 1 but in mode train
 * @param lanes calls that may run side by side, &gt; 0
 * @param bucketBytes least size of a gradient bucket, &gt; 0; read in mode train only
 */
record PlanOptions(
    Mode mode, List<String> outputs, int maxRows, int maxStretches, int lanes, long bucketBytes) {
  PlanOptions {
    outputs = List.copyOf(outputs);
  }
}
