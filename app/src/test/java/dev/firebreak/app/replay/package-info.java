@NullMarked
package dev.firebreak.app.replay;

import org.jspecify.annotations.NullMarked;
