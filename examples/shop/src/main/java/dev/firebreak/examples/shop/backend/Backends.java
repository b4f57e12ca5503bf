package dev.firebreak.examples.shop.backend;

import dev.firebreak.examples.shop.ShopService;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import org.springframework.core.env.Environment;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.web.client.RestClient;

/** Makes the clients with which a service calls others: {@code shop.url.<service>} says where. */
public final class Backends {

  private final HttpClient http;
  private final RestClient.Builder prototype;
  private final Environment environment;

  public Backends(HttpClient http, RestClient.Builder prototype, Environment environment) {
    this.http = http;
    this.prototype = prototype;
    this.environment = environment;
  }

  /** A client of that service, each of whose calls has answered or failed after the deadline. */
  public Backend to(ShopService service, Duration deadline) {
    String name = service.lowerCaseName();
    JdkClientHttpRequestFactory requests = new JdkClientHttpRequestFactory(http);
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
