package io.amends.benchmarks.transfer;

import java.util.UUID;

/** An amount of cents from an account of bank a to one of bank b. */
record Transfer(UUID id, int fromAccount, int toAccount, long amount) {}
