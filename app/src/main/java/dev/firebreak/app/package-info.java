/** The program: the entry point and what it is made of. */
@NullMarked
package dev.firebreak.app;

import org.jspecify.annotations.NullMarked;
