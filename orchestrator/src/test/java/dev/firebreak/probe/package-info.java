@NullMarked
package dev.firebreak.probe;

import org.jspecify.annotations.NullMarked;
