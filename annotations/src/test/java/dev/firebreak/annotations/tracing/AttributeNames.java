package dev.firebreak.annotations.tracing;

import io.opentelemetry.api.common.AttributeKey;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;

/** All names in {@link ChaosAttributes}. */
public final class AttributeNames {
  private AttributeNames() {}

  public static List<String> all() {
    List<String> names = new ArrayList<>();
    for (Field field : ChaosAttributes.class.getDeclaredFields()) {
      try {
        Object value = field.get(null);
        names.add(value instanceof AttributeKey<?> key ? key.getKey() : String.valueOf(value));
      } catch (IllegalAccessException e) {
        throw new IllegalStateException(field + " cannot be read", e);
      }
    }
    return names;
  }
}
