package dev.firebreak.service;

/** The name by which the metrics know a service. At most 200 characters, none of them a control. */
public record ServiceName(String value) implements Comparable<ServiceName> {
  private static final int LONGEST = 200;

  public ServiceName {
    if (value.isBlank()) {
      throw new IllegalArgumentException("a service name is blank");
    }
    if (value.length() > LONGEST) {
      throw new IllegalArgumentException(
          "a service name has %d characters, at most %d are allowed"
              .formatted(value.length(), LONGEST));
    }
    for (int i = 0; i < value.length(); i++) {
      if (Character.isISOControl(value.charAt(i))) {
        throw new IllegalArgumentException("a service name has a control character");
      }
    }
  }

  public static ServiceName of(String value) {
    return new ServiceName(value);
  }

  @Override
  public int compareTo(ServiceName other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
