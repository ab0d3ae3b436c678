/**
 * What a network can be made of: one record per layer type, whose components are the attributes
 * that the native layer of the same name reads. No arithmetic happens here; a layer goes into a
 * {@code Network} and from there, as text, to native.
 */
package dev.fovea.core.layer;
