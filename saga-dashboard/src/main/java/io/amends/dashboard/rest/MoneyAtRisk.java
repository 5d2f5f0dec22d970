package io.amends.dashboard.rest;

import io.amends.dashboard.database.BoundedReads;
import io.amends.dashboard.database.ReadTooSlowException;
import io.amends.dashboard.stuck.StuckAllowances;
import io.amends.dashboard.stuck.StuckSql;
import io.amends.dashboard.tenants.TenantScope;
import io.amends.runtime.sql.Arguments;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcOperations;

/** Reads the search attributes that say how much money is at risk in sagas. Safe for use by many threads. */
public final class MoneyAtRisk {

    /** An attribute that is no currency has as many values as there are sagas. */
    private static final int MOST_CURRENCIES = 20;

    private static final String TOTAL = """
            , money as (
              select i.attributes ->> ?::text as amount, i.attributes ->> ?::text as currency
                from stuck s join saga_instance i using (saga_id))
            select a.stuck, c.*
              from (select count(*) as stuck from stuck) a
              left join lateral (
                select m.currency, sum(n.amount) as total, count(n.amount) as numbers,
                       count(sum(n.amount)) over () as currencies,
                       sum(count(*) - count(n.amount)) over () as unread
                  from money m
                 cross join lateral (
                   select case when m.amount ~ '^-?[0-9]{1,20}([.][0-9]{1,10})?$' then m.amount::numeric end as amount) n
                 where m.amount is not null
                 group by m.currency order by count(n.amount) desc, m.currency limit ?) c on true
             order by c.numbers desc, c.currency""";

    private final BoundedReads reads;
    private final StuckAllowances allowances;
    private final @Nullable String attribute;
    private final @Nullable String currency;

    /**
     * Of that database.
     *
     * @param allowances when a saga counts as stuck
     * @param attribute the attribute's name, null for none: then nothing is at risk
     * @param currency the name of the attribute that has the currency, null for none
     */
    public MoneyAtRisk(
            BoundedReads reads, StuckAllowances allowances, @Nullable String attribute, @Nullable String currency) {
        this.reads = reads;
        this.allowances = allowances;
        this.attribute = attribute;
        this.currency = currency;
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
    public record MoneyRow(@Nullable String currency, Verbatim amount, long sagas) {}

    /** What is at risk in all stuck sagas of those tenants; null where no attribute says it, or the database is too slow to tell. */
    public @Nullable MoneyAnswer total(TenantScope scope) {
        if (attribute == null) {
            return null;
        }
        try {
            return reads.read(jdbc -> total(jdbc, scope));
        } catch (ReadTooSlowException tooSlow) {
            // Who is called at night shall see what is stuck all the same.
            return null;
        }
    }

    private MoneyAnswer total(JdbcOperations jdbc, TenantScope scope) {
        record Sum(
                long stuck,
                @Nullable String currency,
                @Nullable BigDecimal total,
                long numbers,
                long currencies,
                long unread) {}
        List<Sum> sums = jdbc.query(
                "with " + StuckSql.withStuck(scope) + TOTAL,
                StuckSql.arguments(allowances, scope)
                        .value(attribute)
                        .value(currency)
                        .value(MOST_CURRENCIES),
                (row, number) -> new Sum(
                        row.getLong("stuck"),
                        row.getString("currency"),
                        row.getBigDecimal("total"),
                        row.getLong("numbers"),
                        row.getLong("currencies"),
                        row.getLong("unread")));
        List<MoneyRow> amounts = new ArrayList<>();
        for (Sum sum : sums) {
            if (sum.total() != null) {
                amounts.add(
                        new MoneyRow(sum.currency(), new Verbatim(sum.total().toPlainString()), sum.numbers()));
            }
        }
        // There is always a row, since how many are stuck is known also where none of them has an amount.
        Sum first = sums.get(0);
        return new MoneyAnswer(List.copyOf(amounts), first.currencies(), first.unread(), first.stuck() < StuckSql.MOST);
    }

    /** What it says of those sagas; those that do not have it are left out. */
    Map<UUID, String> of(Collection<UUID> sagaIds) {
        if (attribute == null || sagaIds.isEmpty()) {
            return Map.of();
        }
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
