package dev.firebreak.examples.shop.recommendations;

import dev.firebreak.examples.shop.work.Work;
import java.time.Duration;
import java.util.List;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
class RecommendationsController {

  private final Work work;

  RecommendationsController(Work work) {
    this.work = work;
  }

  @GetMapping("/recommendations")
  public Recommendations recommendations() {
    work.take(Duration.ofMillis(3), Duration.ofMillis(8));
    return new Recommendations(List.of(3, 5, 8));
  }

  record Recommendations(List<Integer> skus) {}
}
