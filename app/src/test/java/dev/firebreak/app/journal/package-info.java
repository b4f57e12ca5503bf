@NullMarked
package dev.firebreak.app.journal;

import org.jspecify.annotations.NullMarked;
