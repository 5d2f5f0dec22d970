package io.amends.benchmarks.twopc.contender;

import org.springframework.boot.autoconfigure.SpringBootApplication;

/** The service that starts and orchestrates the sagas. */
@SpringBootApplication
public class TransferRole {}
