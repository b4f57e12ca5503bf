package dev.firebreak.fault;

import dev.firebreak.service.RequestHeaders;

/** An injector whose requests can say to which run they belong. */
public interface CallingInjector extends FaultInjector {
  /** The same injector, whose requests carry these headers too, unless the file names others. */
  FaultInjector calling(RequestHeaders headers);
}
