package dev.firebreak.examples.shop.backend;

import org.springframework.http.HttpStatus;
import org.springframework.web.client.HttpServerErrorException;
import org.springframework.web.client.RestClientException;
import org.springframework.web.server.ResponseStatusException;

/**
 * A call to another service failed or came too late; answered with 503 if it was overloaded, else
 * 502.
 */
public final class BackendException extends ResponseStatusException {

  private static final long serialVersionUID = 1L;

  BackendException(String backend, RestClientException cause) {
    super(status(cause), backend + " failed: " + cause.getMessage(), cause);
  }

  private static HttpStatus status(RestClientException cause) {
    return cause instanceof HttpServerErrorException.ServiceUnavailable
        ? HttpStatus.SERVICE_UNAVAILABLE
        : HttpStatus.BAD_GATEWAY;
  }
}
