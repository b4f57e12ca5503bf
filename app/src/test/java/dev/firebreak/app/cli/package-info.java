@NullMarked
package dev.firebreak.app.cli;

import org.jspecify.annotations.NullMarked;
