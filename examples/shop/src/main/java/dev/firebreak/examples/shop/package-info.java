/** Six small services to break: how they are started, together or one by one. */
@NullMarked
package dev.firebreak.examples.shop;

import org.jspecify.annotations.NullMarked;
