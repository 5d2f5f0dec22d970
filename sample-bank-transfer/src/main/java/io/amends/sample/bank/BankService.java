package io.amends.sample.bank;

import io.amends.sample.web.OpenEndpoints;
import io.amends.sample.web.WebErrors;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.security.autoconfigure.UserDetailsServiceAutoConfiguration;
import org.springframework.context.annotation.Import;

/** The role of a bank. It has no users. */
@SpringBootApplication(exclude = UserDetailsServiceAutoConfiguration.class)
@Import({WebErrors.class, OpenEndpoints.class})
public class BankService {}
