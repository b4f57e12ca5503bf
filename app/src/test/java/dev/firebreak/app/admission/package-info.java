@NullMarked
package dev.firebreak.app.admission;

import org.jspecify.annotations.NullMarked;
