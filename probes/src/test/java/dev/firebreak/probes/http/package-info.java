@NullMarked
package dev.firebreak.probes.http;

import org.jspecify.annotations.NullMarked;
