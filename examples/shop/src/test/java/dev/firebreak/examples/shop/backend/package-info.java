@NullMarked
package dev.firebreak.examples.shop.backend;

import org.jspecify.annotations.NullMarked;
