@NullMarked
package dev.firebreak.app.config;

import org.jspecify.annotations.NullMarked;
