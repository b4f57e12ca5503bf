@NullMarked
package dev.firebreak.app.architecture;

import org.jspecify.annotations.NullMarked;
