/** Takes money; calls nobody. */
@NullMarked
package dev.firebreak.examples.shop.payments;

import org.jspecify.annotations.NullMarked;
