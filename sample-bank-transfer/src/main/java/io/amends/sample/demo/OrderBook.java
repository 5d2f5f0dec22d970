package io.amends.sample.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;

/** Makes up transfers: both directions, one in ten to be rejected. The same seed and run give the same ones. */
final class OrderBook {

    static final int ACCOUNTS = 100;

    private OrderBook() {}

    static String account(String run, int number) {
        return "%s-%03d".formatted(run, number);
    }

    static String closedAccount(String run) {
        return run + "-closed";
    }

    static List<Order> make(String run, long seed, int count) {
        Random random = new Random(seed);
        List<Order> orders = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            boolean forth = random.nextBoolean();
            String from = account(run, random.nextInt(ACCOUNTS));
            String to = account(run, random.nextInt(ACCOUNTS));
            String amount = "%d.%02d".formatted(1 + random.nextInt(20), random.nextInt(100));
            boolean precheck = true;
            if (i % 10 == 9) {
                switch (i / 10 % 3) {
                    case 0 -> amount = "999999.00";
                    case 1 -> to = closedAccount(run);
                    default -> {
                        to = run + "-nobody";
                        precheck = false;
                    }
                }
            }
            orders.add(new Order(
                    new UUID(random.nextLong(), random.nextLong()).toString(),
                    forth ? "bank-a" : "bank-b",
                    from,
                    forth ? "bank-b" : "bank-a",
                    to,
                    amount,
                    0,
                    precheck));
        }
        return orders;
    }
}
