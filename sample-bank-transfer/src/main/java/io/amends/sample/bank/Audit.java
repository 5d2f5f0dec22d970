package io.amends.sample.bank;

import java.math.BigDecimal;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Adds up the bank. One statement, so that all figures are of one moment. */
@Component
class Audit {

    private final JdbcClient jdbc;

    Audit(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * What the bank has; amounts are decimal strings.
     *
     * @param total all customers' balances
     * @param held how much of it is reserved
     * @param transit what is on its way to other banks (or, negative, came from them)
     * @param entries the ledger's length
     * @param negative accounts with less than nothing
     */
    record View(String total, String held, String transit, long entries, long negative) {}

    View take() {
        return jdbc.sql("""
                        select (select coalesce(sum(balance), 0) from account) as total,
                               (select coalesce(sum(held), 0) from account) as held,
                               (select coalesce(sum(amount), 0) from ledger_entry where account = '(transit)') as transit,
                               (select count(*) from ledger_entry) as entries,
                               (select count(*) from account where balance < 0 or balance < held) as negative""")
                .query((row, number) -> new View(
                        plain(row.getBigDecimal("total")),
                        plain(row.getBigDecimal("held")),
                        plain(row.getBigDecimal("transit")),
                        row.getLong("entries"),
                        row.getLong("negative")))
                .single();
    }

    private static String plain(BigDecimal amount) {
        return amount.setScale(2).toPlainString();
    }
}
