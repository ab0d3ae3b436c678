package dev.fovea.core.layer;

/** A layer that reads a field of each row instead of other layers: it has no sources. */
public interface FieldLayer extends Layer {}
