@NullMarked
package dev.firebreak.app.run;

import org.jspecify.annotations.NullMarked;
