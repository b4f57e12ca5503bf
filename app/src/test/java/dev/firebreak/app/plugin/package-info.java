@NullMarked
package dev.firebreak.app.plugin;

import org.jspecify.annotations.NullMarked;
