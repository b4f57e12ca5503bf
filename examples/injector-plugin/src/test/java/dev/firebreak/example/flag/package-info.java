/** The injector in a directory of its own. */
@NullMarked
package dev.firebreak.example.flag;

import org.jspecify.annotations.NullMarked;
