/** What a person asks for: GameDays, experiments, the blast radius, and when to halt. */
@NullMarked
package dev.firebreak.experiment;

import org.jspecify.annotations.NullMarked;
