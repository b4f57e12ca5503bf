/** Calls from one service to another: deadlines, errors and a circuit breaker. */
@NullMarked
package dev.firebreak.examples.shop.backend;

import org.jspecify.annotations.NullMarked;
