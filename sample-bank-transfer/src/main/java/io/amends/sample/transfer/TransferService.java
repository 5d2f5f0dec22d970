package io.amends.sample.transfer;

import io.amends.sample.web.OpenEndpoints;
import io.amends.sample.web.WebErrors;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Import;

/** The role that takes transfers and orchestrates them. */
@SpringBootApplication
@Import({WebErrors.class, OpenEndpoints.class})
@EnableConfigurationProperties(TransferProperties.class)
public class TransferService {}
