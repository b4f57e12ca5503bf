@NullMarked
package dev.firebreak.app.crash;

import org.jspecify.annotations.NullMarked;
