package io.amends.sample;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * A transfer of {@link MixedTransfersTest}, as its client knows it.
 *
 * @param twice whether it is sent in the other mode too, at the same time
 */
record MixedOrder(
        String id,
        String fromBank,
        String fromAccount,
        String toBank,
        String toAccount,
        BigDecimal amount,
        String mode,
        boolean twice) {

    static final String BY_SAGA = "saga";
    static final String TWO_PHASE = "2pc";

    private static final int ONE_IN_TWICE = 25;
    private static final int ONE_IN_SAME_BANK = 10;
    private static final int MOST_CENTS = 6_000;

    /** What a client sends. */
    Map<String, String> body(String mode) {
        Map<String, String> body = Api.transfer(fromAccount, toAccount, amount.toPlainString());
        body.put("transferId", id);
        body.put("fromBank", fromBank);
        body.put("toBank", toBank);
        body.put("mode", mode);
        return body;
    }

    String otherMode() {
        return mode.equals(BY_SAGA) ? TWO_PHASE : BY_SAGA;
    }

    /**
     * Orders in turn by saga and by two-phase commit, half of them from or to a bank's first account.
     *
     * @param accounts of each bank
     */
    static List<MixedOrder> make(int count, Random random, Map<String, List<String>> accounts) {
        List<String> banks = List.of("bank-a", "bank-b");
        List<MixedOrder> orders = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int from = random.nextInt(2);
            String fromBank = banks.get(from);
            String toBank = random.nextInt(ONE_IN_SAME_BANK) == 0 ? fromBank : banks.get(1 - from);
            String fromAccount = pick(accounts.get(fromBank), random);
            String toAccount = pick(accounts.get(toBank), random);
            while (fromAccount.equals(toAccount)) {
                toAccount = pick(accounts.get(toBank), random);
            }
            orders.add(new MixedOrder(
                    Api.transfer("", "", "").get("transferId"),
                    fromBank,
                    fromAccount,
                    toBank,
                    toAccount,
                    BigDecimal.valueOf(1 + random.nextInt(MOST_CENTS), 2),
                    i % 2 == 0 ? BY_SAGA : TWO_PHASE,
                    random.nextInt(ONE_IN_TWICE) == 0));
        }
        return orders;
    }

    private static String pick(List<String> accounts, Random random) {
        return accounts.get(random.nextBoolean() ? 0 : random.nextInt(accounts.size()));
    }
}
