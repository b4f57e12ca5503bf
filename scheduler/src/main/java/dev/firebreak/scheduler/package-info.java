/** When a GameDay runs: cron expressions, the doorbell that rings, and the ledger of fires. */
@NullMarked
package dev.firebreak.scheduler;

import org.jspecify.annotations.NullMarked;
