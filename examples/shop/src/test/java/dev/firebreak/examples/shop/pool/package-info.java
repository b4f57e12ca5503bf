@NullMarked
package dev.firebreak.examples.shop.pool;

import org.jspecify.annotations.NullMarked;
