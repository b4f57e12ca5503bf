/** What every fault injector is held to. */
@NullMarked
package dev.firebreak.fault;

import org.jspecify.annotations.NullMarked;
