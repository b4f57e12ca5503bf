/** The system under experiment: its services and who calls whom. */
@NullMarked
package dev.firebreak.service;

import org.jspecify.annotations.NullMarked;
