/**
 * Records to text and back: the form {@code Type key=value ...} that layers, optimizers and
 * schedules share. Records enter through {@link dev.fovea.core.text.RecordText}; the text goes on
 * to the network text, to native and to Spark's params. Depends on nothing.
 */
package dev.fovea.core.text;
