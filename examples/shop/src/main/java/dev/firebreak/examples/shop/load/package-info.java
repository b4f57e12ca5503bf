/** Customers: an open-loop load generator. */
@NullMarked
package dev.firebreak.examples.shop.load;

import org.jspecify.annotations.NullMarked;
