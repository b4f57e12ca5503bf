@NullMarked
package dev.firebreak.report;

import org.jspecify.annotations.NullMarked;
