/** What a run showed, derived from its journal and nothing else. */
@NullMarked
package dev.firebreak.report;

import org.jspecify.annotations.NullMarked;
