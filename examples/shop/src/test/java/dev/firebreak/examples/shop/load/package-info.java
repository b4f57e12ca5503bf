@NullMarked
package dev.firebreak.examples.shop.load;

import org.jspecify.annotations.NullMarked;
