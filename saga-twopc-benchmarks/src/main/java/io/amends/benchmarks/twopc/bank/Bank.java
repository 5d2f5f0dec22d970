package io.amends.benchmarks.twopc.bank;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;

/**
 * The tables and statements of the sample's banks. Each movement is one statement, the condition is part of it, and it
 * writes two entries of the ledger. Everyone who is compared uses these.
 */
public final class Bank {

    /** How many accounts a bank has. */
    public static final int ACCOUNTS = 1000;

    private static final long OPENING_BALANCE = 1_000_000_000;

    private static final String OPEN =
            "insert into account (account, balance) select 'account-' || n, ? from generate_series(0, ?) n";

    private static final String RESERVE = """
            with reserved as (
              update account set held = held + ?
               where account = ? and status = 'OPEN' and balance - held >= ? returning account)
            insert into hold (transfer_id, account, amount, status)
            select ?, account, ?, 'HELD' from reserved""";

    private static final String RELEASE = """
            with released as (
              update hold set status = 'RELEASED' where transfer_id = ? and status = 'HELD'
              returning account, amount)
            update account a set held = a.held - r.amount from released r where a.account = r.account""";

    private static final String CAPTURE = """
            with captured as (
              update hold set status = 'CAPTURED' where transfer_id = ? and status = 'HELD'
              returning transfer_id, account, amount),
            debited as (
              update account a set balance = a.balance - c.amount, held = a.held - c.amount
                from captured c where a.account = c.account)
            insert into ledger_entry (transfer_id, account, amount, kind)
            select transfer_id, account, -amount, 'CAPTURE' from captured
            union all select transfer_id, '(transit)', amount, 'CAPTURE' from captured""";

    private static final String DEBIT = """
            with debited as (
              update account set balance = balance - ?
               where account = ? and status = 'OPEN' and balance - held >= ? returning account)
            insert into ledger_entry (transfer_id, account, amount, kind)
            select ?::uuid, account, ?::numeric, 'DEBIT' from debited
            union all select ?::uuid, '(transit)', ?::numeric, 'DEBIT' from debited""";

    private static final String CREDIT = """
            with credited as (
              update account set balance = balance + ?
               where account = ? and status = 'OPEN' returning account)
            insert into ledger_entry (transfer_id, account, amount, kind)
            select ?::uuid, account, ?::numeric, 'CREDIT' from credited
            union all select ?::uuid, '(transit)', ?::numeric, 'CREDIT' from credited""";

    private static final String ADD = "update account set balance = balance + ? where account = ?";

    private static final String ENTER_INTERNAL = """
            insert into ledger_entry (transfer_id, account, amount, kind)
            values (?, ?, ?, 'INTERNAL'), (?, ?, ?, 'INTERNAL')""";

    private static final String SUMS = """
            select (select sum(balance) from account) - ?, (select sum(held) from account),
                   (select coalesce(sum(amount), 0) from ledger_entry where account <> '(transit)'),
                   (select coalesce(sum(amount), 0) from ledger_entry),
                   count(distinct transfer_id), count(*), coalesce(bit_xor(hashtextextended(transfer_id::text, 0)), 0),
                   (select count(*) from pg_prepared_xacts where database = current_database())
              from ledger_entry where account = '(transit)'""";

    private Bank() {}

    /** Makes the tables and opens the accounts. */
    public static void create(Connection connection) throws SQLException {
        try (InputStream script = Bank.class.getResourceAsStream("bank.sql");
                Statement statement = connection.createStatement();
                PreparedStatement open = connection.prepareStatement(OPEN)) {
            if (script == null) {
                throw new IllegalStateException("The script of the bank's tables is not on the class path");
            }
            statement.execute(new String(script.readAllBytes(), StandardCharsets.UTF_8));
            open.setBigDecimal(1, BigDecimal.valueOf(OPENING_BALANCE));
            open.setInt(2, ACCOUNTS - 1);
            open.executeUpdate();
        } catch (IOException trouble) {
            throw new UncheckedIOException("The script of the bank's tables can't be read", trouble);
        }
    }

    /** The account of that number. */
    public static String account(int number) {
        return "account-" + number;
    }

    /** Sets an amount aside; whether there was enough. */
    public static boolean reserve(Connection connection, UUID transferId, String account, BigDecimal amount)
            throws SQLException {
        return update(connection, RESERVE, amount, account, amount, transferId, amount) == 1;
    }

    /** Gives back what was set aside. */
    public static boolean release(Connection connection, UUID transferId) throws SQLException {
        return update(connection, RELEASE, transferId) == 1;
    }

    /** Takes out what was set aside. */
    public static boolean capture(Connection connection, UUID transferId) throws SQLException {
        return update(connection, CAPTURE, transferId) == 2;
    }

    /** Takes an amount out; whether there was enough. */
    public static boolean debit(Connection connection, UUID transferId, String account, BigDecimal amount)
            throws SQLException {
        return update(connection, DEBIT, amount, account, amount, transferId, amount.negate(), transferId, amount) == 2;
    }

    /** Puts an amount in; whether there is such an account. */
    public static boolean credit(Connection connection, UUID transferId, String account, BigDecimal amount)
            throws SQLException {
        return update(connection, CREDIT, amount, account, transferId, amount, transferId, amount.negate()) == 2;
    }

    /** Moves an amount between two accounts of this bank, which does not need anybody else. Locks in one order. */
    public static void within(Connection connection, UUID transferId, String from, String to, BigDecimal amount)
            throws SQLException {
        boolean fromFirst = from.compareTo(to) < 0;
        update(connection, ADD, fromFirst ? amount.negate() : amount, fromFirst ? from : to);
        update(connection, ADD, fromFirst ? amount : amount.negate(), fromFirst ? to : from);
        update(connection, ENTER_INTERNAL, transferId, from, amount.negate(), transferId, to, amount);
    }

    private static int update(Connection connection, String sql, Object... values) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setObject(i + 1, values[i]);
            }
            return statement.executeUpdate();
        }
    }

    /** Adds up the bank. */
    public static Sums sums(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(SUMS)) {
            statement.setBigDecimal(1, BigDecimal.valueOf(OPENING_BALANCE * ACCOUNTS));
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return new Sums(
                        row.getBigDecimal(1),
                        row.getBigDecimal(2),
                        row.getBigDecimal(3),
                        row.getBigDecimal(4),
                        row.getLong(5),
                        row.getLong(6),
                        row.getLong(7),
                        row.getLong(8));
            }
        }
    }

    /**
     * What a bank has, at one moment.
     *
     * @param change of all balances together since the accounts were opened
     * @param held how much is set aside
     * @param entered the sum of the customers' entries in the ledger
     * @param ledger the sum of all entries, zero if it is in order
     * @param transfers how many transfers came from or went to the other bank
     * @param entries how many entries those have in the transit account, as many if each was carried out once
     * @param which a number that is the same for the same set of transfers
     * @param prepared transactions that are prepared and not ended
     */
    public record Sums(
            BigDecimal change,
            BigDecimal held,
            BigDecimal entered,
            BigDecimal ledger,
            long transfers,
            long entries,
            long which,
            long prepared) {}
}
