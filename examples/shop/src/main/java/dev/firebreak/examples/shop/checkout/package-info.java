/** Orders: reserve at inventory, pay at payments, commit at inventory. */
@NullMarked
package dev.firebreak.examples.shop.checkout;

import org.jspecify.annotations.NullMarked;
