/** GameDay files: read strictly, with every mistake of a file told at once. */
@NullMarked
package dev.firebreak.app.gameday;

import org.jspecify.annotations.NullMarked;
