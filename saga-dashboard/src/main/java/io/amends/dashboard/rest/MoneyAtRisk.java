package io.amends.dashboard.rest;

import io.amends.dashboard.database.BoundedReads;
import io.amends.dashboard.database.ReadTooSlowException;
import io.amends.dashboard.stuck.StuckCounts;
import io.amends.dashboard.stuck.StuckInbox;
import io.amends.dashboard.stuck.StuckMoney;
import io.amends.dashboard.tenants.TenantScope;
import io.amends.runtime.sql.Arguments;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads the search attributes that say how much money is at risk in sagas. Safe for use by many threads. */
public final class MoneyAtRisk {

    private final BoundedReads reads;
    private final StuckInbox inbox;
    private final StuckMoney.@Nullable Attributes attributes;

    /**
     * Of that database.
     *
     * @param inbox what is stuck in it
     * @param attribute the attribute's name, null for none: then nothing is at risk
     * @param currency the name of the attribute that has the currency, null for none
     */
    public MoneyAtRisk(BoundedReads reads, StuckInbox inbox, @Nullable String attribute, @Nullable String currency) {
        this.reads = reads;
        this.inbox = inbox;
        this.attributes = attribute == null ? null : new StuckMoney.Attributes(attribute, currency);
    }

    /**
     * What is at risk in all that is stuck.
     *
     * @param amounts for each currency, those of most sagas first, twenty at most
     * @param currencies how many currencies there are, also those that are not among the amounts
     * @param unread how many sagas have an amount that is no number, such as {@code 12 EUR}
     * @param isAll whether all stuck sagas were added; if not, more may be at risk, in these currencies and in others
     */
    public record MoneyAnswer(List<MoneyRow> amounts, long currencies, long unread, boolean isAll) {}

    /**
     * An amount.
     *
     * @param currency in which currency, null where sagas do not say it
     * @param amount a decimal number, with as many digits behind the point as the sagas' amounts have; a sum of numbers, so that
     *     it is not masked where its digits happen to be those of a card
     * @param sagas of how many sagas
     */
    public record MoneyRow(@Nullable String currency, Verbatim amount, long sagas) {

        static MoneyRow of(StuckMoney.Amount amount) {
            return new MoneyRow(amount.currency(), new Verbatim(amount.total().toPlainString()), amount.sagas());
        }
    }

    /**
     * How many sagas of those tenants are stuck, with their money in the same statement, so that neither is of another moment; without
     * it where no attribute says it, or the database is too slow to add it up.
     */
    public StuckCounts counts(TenantScope scope) {
        if (attributes == null) {
            return inbox.counts(scope);
        }
        try {
            return inbox.counts(scope, attributes);
        } catch (ReadTooSlowException tooSlow) {
            // Who is called at night shall see what is stuck all the same.
            return inbox.counts(scope);
        }
    }

    /** What is at risk in what was counted; null where that is not known. */
    static @Nullable MoneyAnswer answer(StuckCounts counts) {
        StuckMoney money = counts.money();
        return money == null
                ? null
                : new MoneyAnswer(
                        money.amounts().stream().map(MoneyRow::of).toList(),
                        money.currencies(),
                        money.unread(),
                        counts.isAll());
    }

    /** What it says of those sagas; those that do not have it are left out. */
    Map<UUID, String> of(Collection<UUID> sagaIds) {
        if (attributes == null || sagaIds.isEmpty()) {
            return Map.of();
        }
        String attribute = attributes.amount();
        Map<UUID, String> found = new HashMap<>();
        reads.read(jdbc -> {
            jdbc.query(
                    "select saga_id, attributes ->> ? as money from saga_instance where saga_id = any(?::uuid[])",
                    new Arguments.Plain().value(attribute).array("uuid", List.copyOf(sagaIds), id -> id),
                    row -> {
                        String money = row.getString("money");
                        if (money != null) {
                            found.put(Objects.requireNonNull(row.getObject("saga_id", UUID.class)), money);
                        }
                    });
            return found;
        });
        return found;
    }
}
