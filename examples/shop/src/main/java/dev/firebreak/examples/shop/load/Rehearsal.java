package dev.firebreak.examples.shop.load;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;

/**
 * The shop's first customers: a few of each request, one after the other. They show that the shop
 * sells, and they load its code, so that the slow first answers are over when somebody measures.
 */
public final class Rehearsal {

  private static final int ROUNDS = 15;

  private Rehearsal() {}

  /**
   * Plays it.
   *
   * @throws IOException if an answer of the last round is not 200
   */
  public static void play(URI gateway) throws IOException, InterruptedException {
    HttpClient http = HttpClient.newHttpClient();
    for (int round = 1; round <= ROUNDS; round++) {
      for (HttpRequest request : requests(gateway, round)) {
        int status = http.send(request, BodyHandlers.discarding()).statusCode();
        if (round == ROUNDS && status != 200) {
          throw new IOException(request + " answered " + status);
        }
      }
    }
  }

  private static List<HttpRequest> requests(URI gateway, int sku) {
    return List.of(
        Requests.home(gateway), Requests.product(gateway, sku), Requests.order(gateway, sku));
  }
}
