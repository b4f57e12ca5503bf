package dev.firebreak.examples.shop.backend;

import dev.firebreak.examples.shop.ShopService;
import java.net.URI;
import java.time.Duration;
import org.springframework.core.env.Environment;
import org.springframework.http.client.SimpleClientHttpRequestFactory;
import org.springframework.web.client.RestClient;

/**
 * Makes the clients with which a service calls others: {@code shop.url.<service>} says where. They
 * work on the caller's thread alone; clients with threads of their own turned every busy moment of
 * a small machine into slow pages.
 */
public final class Backends {

  private final RestClient.Builder prototype;
  private final Environment environment;

  public Backends(RestClient.Builder prototype, Environment environment) {
    this.prototype = prototype;
    this.environment = environment;
  }

  /** A client of that service, each of whose calls fails when nothing comes for that long. */
  public Backend to(ShopService service, Duration deadline) {
    String name = service.lowerCaseName();
    SimpleClientHttpRequestFactory requests = new SimpleClientHttpRequestFactory();
    requests.setConnectTimeout(deadline);
    requests.setReadTimeout(deadline);
    return new Backend(
        name,
        prototype
            .clone()
            .baseUrl(URI.create(environment.getRequiredProperty("shop.url." + name)))
            .requestFactory(requests)
            .observationConvention(new PeerObservationConvention(name))
            .build());
  }
}
