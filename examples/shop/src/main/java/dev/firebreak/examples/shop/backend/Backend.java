package dev.firebreak.examples.shop.backend;

import java.util.Objects;
import java.util.function.Function;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientException;

/** Another service, as seen by its caller. Every way to fail is a {@link BackendException}. */
public final class Backend {

  private final String name;
  private final RestClient client;

  Backend(String name, RestClient client) {
    this.name = name;
    this.client = client;
  }

  public <T> T get(Class<T> answer, String path, Object... pathVariables) {
    return call(http -> http.get().uri(path, pathVariables).retrieve().requiredBody(answer));
  }

  public <T> T post(Object body, Class<T> answer, String path, Object... pathVariables) {
    return call(
        http -> http.post().uri(path, pathVariables).body(body).retrieve().requiredBody(answer));
  }

  public void post(String path, Object... pathVariables) {
    call(http -> http.post().uri(path, pathVariables).retrieve().toBodilessEntity());
  }

  public void delete(String path, Object... pathVariables) {
    call(http -> http.delete().uri(path, pathVariables).retrieve().toBodilessEntity());
  }

  private <T> T call(Function<RestClient, T> request) {
    try {
      return Objects.requireNonNull(request.apply(client));
    } catch (RestClientException e) {
      throw new BackendException(name, e);
    }
  }
}
