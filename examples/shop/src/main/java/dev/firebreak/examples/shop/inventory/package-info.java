/** Stock behind a small pool of database connections. */
@NullMarked
package dev.firebreak.examples.shop.inventory;

import org.jspecify.annotations.NullMarked;
