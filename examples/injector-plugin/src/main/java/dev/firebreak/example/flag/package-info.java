/** An injector to copy from: a flag file that a service may read. */
@NullMarked
package dev.firebreak.example.flag;

import org.jspecify.annotations.NullMarked;
