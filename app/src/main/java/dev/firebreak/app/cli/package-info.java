/** The command line: one class a command, and what they print. */
@NullMarked
package dev.firebreak.app.cli;

import org.jspecify.annotations.NullMarked;
