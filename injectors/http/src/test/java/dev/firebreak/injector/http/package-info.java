/** The injector against a small server that knows the truth. */
@NullMarked
package dev.firebreak.injector.http;

import org.jspecify.annotations.NullMarked;
