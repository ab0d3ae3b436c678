package dev.fovea.core.text;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The values a number may have. Whatever the range, the number is finite. */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Range {
  /** The number is larger than this. */
  double above() default Double.NEGATIVE_INFINITY;

  /** The number is this or larger. */
  double from() default Double.NEGATIVE_INFINITY;

  /** The number is smaller than this. */
  double below() default Double.POSITIVE_INFINITY;
}
