package dev.firebreak.cascade;

/** Makes a detector for one run. */
@FunctionalInterface
public interface CascadeDetectorFactory {
  CascadeDetector create(Watch watch);
}
