package io.amends.benchmarks.bank;

import io.amends.benchmarks.measure.CountedDatabase;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Import;

/** The role of a bank. */
@SpringBootApplication
@Import(CountedDatabase.class)
public class BankRole {}
