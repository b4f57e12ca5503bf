@NullMarked
package dev.firebreak.app.guard;

import org.jspecify.annotations.NullMarked;
