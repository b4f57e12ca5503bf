package dev.firebreak.annotations.grafana;

/** A mark and how far it got. */
record Entry(Mark mark, Delivery delivery) {
  Entry with(Mark newMark) {
    return new Entry(newMark, delivery);
  }

  Entry with(Delivery newDelivery) {
    return new Entry(mark, newDelivery);
  }

  /** Whether Grafana has what it should, as far as is known. */
  boolean sent() {
    return switch (delivery.state()) {
      case REJECTED -> true;
      case UNSENT -> mark.withdrawn();
      case SENT, ACKNOWLEDGED -> mark.equals(delivery.settled());
    };
  }

  boolean settled() {
    return sent() && delivery.recheckAt() == 0;
  }

  /** Whether there is something to do now. */
  boolean due(long nowMillis) {
    return !sent() || (delivery.recheckAt() > 0 && delivery.recheckAt() <= nowMillis);
  }
}
