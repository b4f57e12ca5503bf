@NullMarked
package dev.firebreak.examples.shop;

import org.jspecify.annotations.NullMarked;
