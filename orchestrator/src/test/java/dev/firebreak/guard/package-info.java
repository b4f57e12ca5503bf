@NullMarked
package dev.firebreak.guard;

import org.jspecify.annotations.NullMarked;
