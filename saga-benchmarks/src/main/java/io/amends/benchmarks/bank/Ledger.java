package io.amends.benchmarks.bank;

import java.util.UUID;
import org.springframework.jdbc.core.JdbcTemplate;

/** The two tables of a bank. Whoever moves money, with a saga or without, does it by the same statement. */
public final class Ledger {

    /** Accounts 0 to this one, exclusively. */
    public static final int ACCOUNTS = 1000;

    private static final long OPENING_BALANCE = 1_000_000_000_000L;

    private final JdbcTemplate jdbc;

    /** On that bank's database. */
    public Ledger(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    /** Makes the tables and opens the accounts. */
    public void create() {
        jdbc.execute("create table account (account int primary key, balance bigint not null check (balance >= 0))");
        jdbc.execute("""
                create table entry (
                  entry_id bigint generated always as identity primary key,
                  transfer_id uuid not null, account int not null, amount bigint not null)""");
        jdbc.update("insert into account select n, ? from generate_series(0, ?) n", OPENING_BALANCE, ACCOUNTS - 1);
    }

    /**
     * Adds the amount to the account and notes it.
     *
     * @param amount in cents; negative to take it out
     * @return whether there was such an account with enough in it; if not, nothing was written
     */
    public boolean move(UUID transferId, int account, long amount) {
        return jdbc.update("""
                        with moved as (
                          update account set balance = balance + ? where account = ? and balance + ? >= 0
                          returning account)
                        insert into entry (transfer_id, account, amount) select ?, account, ? from moved""", amount, account, amount, transferId, amount) == 1;
    }

    /** What has been moved so far. */
    public Moved moved() {
        Moved moved = jdbc.queryForObject(
                """
                select count(*), count(distinct transfer_id), coalesce(sum(amount), 0),
                       (select sum(balance) from account)
                  from entry""",
                (row, number) -> new Moved(
                        row.getLong(1), row.getLong(2), row.getLong(3), row.getLong(4) - ACCOUNTS * OPENING_BALANCE));
        if (moved == null) {
            throw new IllegalStateException("An aggregate without groups has always one row.");
        }
        return moved;
    }

    /**
     * What a bank has moved.
     *
     * @param entries how many entries there are
     * @param transfers how many different transfers they belong to
     * @param sum of the entries, in cents
     * @param change of all balances together since they were opened, in cents
     */
    public record Moved(long entries, long transfers, long sum, long change) {}
}
