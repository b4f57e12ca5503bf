/** Programs that are not ours, as child processes of tests. */
@NullMarked
package dev.firebreak.installed;

import org.jspecify.annotations.NullMarked;
