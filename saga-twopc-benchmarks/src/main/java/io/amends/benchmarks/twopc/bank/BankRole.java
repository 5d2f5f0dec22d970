package io.amends.benchmarks.twopc.bank;

import org.springframework.boot.autoconfigure.SpringBootApplication;

/** A bank that takes the commands of sagas. */
@SpringBootApplication
public class BankRole {}
