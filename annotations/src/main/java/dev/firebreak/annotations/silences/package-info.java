/** Silences in Alertmanager: for the injected services, while a fault is in them, and no longer. */
@NullMarked
package dev.firebreak.annotations.silences;

import org.jspecify.annotations.NullMarked;
