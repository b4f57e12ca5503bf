@NullMarked
package dev.firebreak.experiment;

import org.jspecify.annotations.NullMarked;
