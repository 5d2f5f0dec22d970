package io.amends.sample.lab;

import java.util.Map;
import java.util.Random;
import java.util.UUID;

/** A transfer that the lab asks for. */
record LabOrder(
        String transferId,
        String mode,
        String fromBank,
        String fromAccount,
        String toBank,
        String toAccount,
        String amount) {

    /** The modes, as the transfer service names them. */
    static final String SAGA = "saga";

    static final String TWO_PHASE = "2pc";

    /** Few, so that transfers meet. */
    static final int ACCOUNTS = 20;

    static final String OPENING = "10000.00";

    static String account(int number) {
        return "lab-%02d".formatted(number);
    }

    Map<String, String> body() {
        return Map.of(
                "transferId", transferId,
                "mode", mode,
                "fromBank", fromBank,
                "fromAccount", fromAccount,
                "toBank", toBank,
                "toAccount", toAccount,
                "amount", amount);
    }

    /** Makes them up, in both directions. The same seed gives the same ones. For one thread. */
    static final class Book {

        private final Random random;

        Book(long seed) {
            this.random = new Random(seed);
        }

        /** The next one; by two-phase commit with that many percent of chance. */
        LabOrder next(int share) {
            return next(random.nextInt(100) < share ? TWO_PHASE : SAGA);
        }

        LabOrder next(String mode) {
            boolean forth = random.nextBoolean();
            return new LabOrder(
                    new UUID(random.nextLong(), random.nextLong()).toString(),
                    mode,
                    forth ? "bank-a" : "bank-b",
                    account(random.nextInt(ACCOUNTS)),
                    forth ? "bank-b" : "bank-a",
                    account(random.nextInt(ACCOUNTS)),
                    "%d.%02d".formatted(1 + random.nextInt(20), random.nextInt(100)));
        }
    }
}
