package dev.firebreak.fault;

import java.util.regex.Pattern;

/** Names one fault for ever: the run's id and the fault's place in its method. */
public record FaultId(String value) {
  private static final Pattern FORM = Pattern.compile("[A-Za-z0-9._-]{1,100}");

  public FaultId {
    if (!FORM.matcher(value).matches()) {
      throw new IllegalArgumentException("the fault id " + value + " is malformed");
    }
  }

  public static FaultId of(String value) {
    return new FaultId(value);
  }

  @Override
  public String toString() {
    return value;
  }
}
