@NullMarked
package dev.firebreak.cascade;

import org.jspecify.annotations.NullMarked;
