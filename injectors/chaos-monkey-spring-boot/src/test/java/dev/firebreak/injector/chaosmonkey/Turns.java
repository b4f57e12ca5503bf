package dev.firebreak.injector.chaosmonkey;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** In which order the requests of several callers are served. Safe for use by several threads. */
final class Turns {
  /** Whoever comes is served. */
  static final Turns FREE = new Turns(List.of());

  private final Deque<String> order;
  private final Set<String> gone = new HashSet<>();

  /** The callers, one for each request; once these are served, whoever comes. */
  Turns(List<String> order) {
    this.order = new ArrayDeque<>(order);
  }

  /** Returns when it is the turn of this caller. */
  synchronized void await(String who) {
    skip();
    while (!order.isEmpty() && !order.peek().equals(who)) {
      try {
        wait();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
      skip();
    }
  }

  /** The request of this caller was served. */
  synchronized void done(String who) {
    if (who.equals(order.peek())) {
      order.remove();
    }
    notifyAll();
  }

  /** This caller asks for nothing more: its turns are passed over. */
  synchronized void leave(String who) {
    gone.add(who);
    notifyAll();
  }

  private void skip() {
    while (!order.isEmpty() && gone.contains(order.peek())) {
      order.remove();
    }
  }
}
