package dev.firebreak.examples.shop.payments;

import dev.firebreak.examples.shop.ServiceDefaults;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Import;

@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import({ServiceDefaults.class, PaymentsController.class})
public class PaymentsService {}
