package dev.firebreak.examples.shop.backend;

import io.micrometer.common.KeyValues;
import org.springframework.http.client.observation.ClientRequestObservationContext;
import org.springframework.http.client.observation.DefaultClientRequestObservationConvention;

/** Adds the name of the service called, since all of them share one host. */
final class PeerObservationConvention extends DefaultClientRequestObservationConvention {

  private final String peer;

  PeerObservationConvention(String peer) {
    this.peer = peer;
  }

  @Override
  public KeyValues getLowCardinalityKeyValues(ClientRequestObservationContext context) {
    return super.getLowCardinalityKeyValues(context).and("peer", peer);
  }
}
