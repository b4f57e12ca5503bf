/** What the environment says: read once, checked, handed on. */
@NullMarked
package dev.firebreak.app.config;

import org.jspecify.annotations.NullMarked;
