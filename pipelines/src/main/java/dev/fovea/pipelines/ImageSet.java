package dev.fovea.pipelines;

import java.util.List;

/**
 * Images to learn from and images to be measured on, all of one size.
 *
 * @param name what to call the set in messages
 * @param classNames the name of class k at index k
 * @param height pixels of a column of an image
 * @param width pixels of a row of an image
 */
record ImageSet(
    String name,
    List<String> classNames,
    int height,
    int width,
    List<LabelledImage> train,
    List<LabelledImage> test) {}
