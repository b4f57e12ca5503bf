@NullMarked
package dev.firebreak.fault;

import org.jspecify.annotations.NullMarked;
