/** The injector against a stand-in that answers as Chaos Monkey 4.0.0 was seen to. */
@NullMarked
package dev.firebreak.injector.chaosmonkey;

import org.jspecify.annotations.NullMarked;
