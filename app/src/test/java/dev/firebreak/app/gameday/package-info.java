@NullMarked
package dev.firebreak.app.gameday;

import org.jspecify.annotations.NullMarked;
