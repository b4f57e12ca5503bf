/** What the shop sells; reads how much is left from inventory. */
@NullMarked
package dev.firebreak.examples.shop.catalog;

import org.jspecify.annotations.NullMarked;
