package dev.firebreak.examples.shop;

import dev.firebreak.examples.shop.backend.Backends;
import dev.firebreak.examples.shop.work.Work;
import io.micrometer.observation.ObservationPredicate;
import jakarta.servlet.http.HttpServletRequest;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.http.server.observation.ServerRequestObservationContext;
import org.springframework.web.client.RestClient;

/** What every service of the shop has. */
@Configuration(proxyBeanMethods = false)
public class ServiceDefaults {

  /** Being watched is no business of the service: scrapes must not count as requests. */
  @Bean
  ObservationPredicate customersOnly() {
    return (name, context) ->
        !(context instanceof ServerRequestObservationContext request
            && isActuator(request.getCarrier()));
  }

  private static boolean isActuator(@Nullable HttpServletRequest request) {
    return request != null && request.getRequestURI().startsWith("/actuator");
  }

  @Bean
  Work work(@Value("${spring.application.name}") String service) {
    return new Work(new SplittableRandom(service.hashCode()));
  }

  @Bean
  Backends backends(RestClient.Builder prototype, Environment environment) {
    return new Backends(prototype, environment);
  }
}
