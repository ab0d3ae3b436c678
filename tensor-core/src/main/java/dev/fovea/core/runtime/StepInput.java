package dev.fovea.core.runtime;

import java.nio.ByteBuffer;

/** What all lanes read in one call: the rows, and the weights they are run with. */
record StepInput(ByteBuffer records, int rows, ByteBuffer weights, StepKey key) {}
