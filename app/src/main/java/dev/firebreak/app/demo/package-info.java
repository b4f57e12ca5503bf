/** The demo: the example shop as a child process, and a GameDay on it. */
@NullMarked
package dev.firebreak.app.demo;

import org.jspecify.annotations.NullMarked;
