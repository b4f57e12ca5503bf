/** What else might please; nice to have. */
@NullMarked
package dev.firebreak.examples.shop.recommendations;

import org.jspecify.annotations.NullMarked;
