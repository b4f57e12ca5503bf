/** Service times that stand in for real work. */
@NullMarked
package dev.firebreak.examples.shop.work;

import org.jspecify.annotations.NullMarked;
