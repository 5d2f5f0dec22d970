package io.amends.benchmarks.transfer;

import io.amends.benchmarks.measure.CountedDatabase;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Import;

/** The role that starts and orchestrates transfers. */
@SpringBootApplication
@Import(CountedDatabase.class)
public class TransferRole {}
