package dev.fovea.pipelines;

/**
 * A gray image with its class.
 *
 * @param pixels one byte a pixel, 0 black to 255 white, row after row from the top; not copied
 * @param label the class, 0 to the number of classes - 1
 */
@SuppressWarnings("ArrayRecordComponent") // images are never compared
record LabelledImage(byte[] pixels, int label) {}
