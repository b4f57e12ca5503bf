/** Silences in a strict Alertmanager that fails, and in the real one. */
@NullMarked
package dev.firebreak.annotations.silences;

import org.jspecify.annotations.NullMarked;
