/** The shop's front door: pages and orders, through one bounded pool of backend calls. */
@NullMarked
package dev.firebreak.examples.shop.gateway;

import org.jspecify.annotations.NullMarked;
