/** Latency and exceptions in Spring Boot services, by the actuator of Chaos Monkey. */
@NullMarked
package dev.firebreak.injector.chaosmonkey;

import org.jspecify.annotations.NullMarked;
