package io.amends.dashboard.stuck;

import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How much money is at risk in sagas that are stuck. Immutable.
 *
 * @param amounts for each currency, those of most sagas first, twenty at most
 * @param currencies how many currencies there are, also those that are not among the amounts
 * @param unread how many sagas have an amount that is no number, such as {@code 12 EUR}
 */
public record StuckMoney(List<Amount> amounts, long currencies, long unread) {

    /** An attribute that is no currency has as many values as there are sagas. */
    static final int MOST_CURRENCIES = 20;

    public StuckMoney {
        amounts = List.copyOf(amounts);
    }

    /**
     * The search attributes that say it.
     *
     * @param amount the one that says how much
     * @param currency the one that says in which currency, null for none
     */
    public record Attributes(String amount, @Nullable String currency) {}

    /**
     * What sagas have in one currency.
     *
     * @param currency in which, null where sagas do not say it
     * @param total their sum, exactly
     * @param sagas how many sagas
     */
    public record Amount(@Nullable String currency, BigDecimal total, long sagas) {}
}
