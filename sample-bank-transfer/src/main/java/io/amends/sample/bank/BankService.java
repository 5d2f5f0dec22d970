package io.amends.sample.bank;

import io.amends.sample.web.WebErrors;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Import;

/** The role of a bank. */
@SpringBootApplication
@Import(WebErrors.class)
public class BankService {}
