package io.amends.runtime.isolation;

import static org.assertj.core.api.Assertions.assertThat;

import io.amends.runtime.TestDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * What two sagas do to each other, by countermeasure: each cell of the table is one interleaving of their steps on a real
 * database. The table of docs/isolation.md is what came out; {@code -Damends.docs.write=true} writes it anew.
 */
class AnomaliesTest {

    private static final Path PAGE = Path.of("..", "docs", "isolation.md");
    private static final String BEGIN = "<!-- AnomaliesTest writes this table -->\n";
    private static final String END = "<!-- up to here -->\n";

    private static TestDatabase database;

    private final JdbcTemplate jdbc = database.jdbc();
    private final TransactionTemplate transaction =
            new TransactionTemplate(new JdbcTransactionManager(database.dataSource()));
    private final SemanticLocks locks = new SemanticLocks(jdbc);

    @BeforeAll
    static void open() {
        database = TestDatabase.create();
        database.jdbc()
                .execute(
                        "create table customer (customer text primary key, version integer not null);"
                                + "create table account (account text primary key, customer text not null, balance integer not null)");
    }

    @AfterAll
    static void close() {
        database.close();
    }

    @BeforeEach
    void clear() {
        database.clear();
        jdbc.execute("truncate customer, account");
    }

    /** Two sagas and the order of their steps; the answer tells whether the anomaly was there to see. */
    @FunctionalInterface
    private interface Script {
        boolean shows(AnomaliesTest bank, ScriptedSaga first, ScriptedSaga second);
    }

    private enum Anomaly {
        /** The second saga decides on money that never was. */
        DIRTY_READ("dirty read", (bank, first, second) -> {
            bank.account("x", 0);
            first.changes("x", 100);
            if (second.reads("x") < 100) {
                second.isRejected();
            }
            second.decidesOn("x");
            second.completes();
            first.isRejected();
            return second.completed() && bank.balance("x") < 100;
        }),

        /** The first saga writes over what the second one wrote after the first had read. */
        LOST_UPDATE("lost update", (bank, first, second) -> {
            bank.account("x", 100);
            first.reads("x");
            second.reads("x");
            second.changes("x", 30);
            second.completes();
            first.changes("x", 50);
            first.completes();
            int due = 100 + (first.completed() ? 50 : 0) + (second.completed() ? 30 : 0);
            return bank.balance("x") != due;
        }),

        /** Two steps of the first saga see different values. */
        FUZZY_READ("fuzzy read", (bank, first, second) -> {
            bank.account("x", 100);
            int seen = first.reads("x");
            second.changes("x", 30);
            second.completes();
            first.decidesOn("x");
            int seenAgain = first.reads("x");
            first.completes();
            return first.completed() && seen != seenAgain;
        }),

        /** The second saga spends what the compensation of the first one then takes back. */
        SPENT_CREDIT("spent credit", (bank, first, second) -> {
            bank.account("x", 0);
            first.changes("x", 100);
            if (second.reads("x") < 100) {
                second.isRejected();
            }
            second.changes("x", -100);
            second.completes();
            first.isRejected();
            return bank.balance("x") < 0;
        }),

        /** Each saga keeps the rule that 100 must be left in both accounts together; both break it. */
        WRITE_SKEW("write skew", (bank, first, second) -> {
            bank.customer("c");
            bank.account("x", "c", 100);
            bank.account("y", "c", 100);
            int seenByFirst = first.reads("x") + first.reads("y");
            int seenBySecond = second.reads("x") + second.reads("y");
            if (seenByFirst >= 200) {
                first.changes("x", -100);
            }
            first.completes();
            if (seenBySecond >= 200) {
                second.changes("y", -100);
            }
            second.completes();
            return bank.balance("x") + bank.balance("y") < 100;
        });

        private final String title;
        private final Script script;

        Anomaly(String title, Script script) {
            this.title = title;
            this.script = script;
        }
    }

    @ParameterizedTest
    @EnumSource(Anomaly.class)
    void without_a_countermeasure_every_anomaly_happens(Anomaly anomaly) {
        assertThat(happens(anomaly, Countermeasure.NONE)).isTrue();
    }

    @ParameterizedTest
    @EnumSource(Anomaly.class)
    void a_semantic_lock_prevents_every_anomaly_and_is_gone_at_the_end(Anomaly anomaly) {
        assertThat(happens(anomaly, Countermeasure.SEMANTIC_LOCK)).isFalse();
        assertThat(database.count("saga_semantic_lock")).isZero();
    }

    @ParameterizedTest
    @EnumSource(Countermeasure.class)
    void a_saga_that_is_alone_completes_under_every_countermeasure(Countermeasure countermeasure) {
        account("x", 100);
        ScriptedSaga alone = saga(countermeasure);
        alone.reads("x");
        alone.changes("x", -30);
        alone.decidesOn("x");
        alone.changes("x", 10);
        alone.completes();
        assertThat(alone.completed()).isTrue();
        assertThat(alone.compensated()).isFalse();
    }

    @Test
    void the_page_for_architects_says_what_happens() {
        String table = BEGIN + table() + END;
        String page = read();
        String expected = page.replaceAll("(?s)" + BEGIN + ".*" + END, table);
        if (Boolean.getBoolean("amends.docs.write")) {
            write(expected);
        }
        assertThat(read())
                .as("docs/isolation.md; run AnomaliesTest with -Damends.docs.write=true to write its table anew")
                .contains(table);
    }

    private String table() {
        StringBuilder table = new StringBuilder();
        table.append(row("", Arrays.stream(Countermeasure.values()).map(each -> each.title)));
        table.append(row("---", Arrays.stream(Countermeasure.values()).map(each -> "---")));
        for (Anomaly anomaly : Anomaly.values()) {
            table.append(row(
                    anomaly.title,
                    Arrays.stream(Countermeasure.values())
                            .map(each -> happens(anomaly, each) ? "allowed" : "**prevented**")));
        }
        return table.toString();
    }

    private static String row(String first, Stream<String> others) {
        return Stream.concat(Stream.of(first), others).collect(Collectors.joining(" | ", "| ", " |\n"));
    }

    private boolean happens(Anomaly anomaly, Countermeasure countermeasure) {
        clear();
        return anomaly.script.shows(this, saga(countermeasure), saga(countermeasure));
    }

    private ScriptedSaga saga(Countermeasure countermeasure) {
        return new ScriptedSaga(jdbc, transaction, locks, countermeasure);
    }

    private void account(String account, int balance) {
        customer(account);
        account(account, account, balance);
    }

    private void customer(String customer) {
        jdbc.update("insert into customer values (?, 1)", customer);
    }

    private void account(String account, String customer, int balance) {
        jdbc.update("insert into account values (?, ?, ?)", account, customer, balance);
    }

    private int balance(String account) {
        Integer balance = jdbc.queryForObject("select balance from account where account = ?", Integer.class, account);
        return balance == null ? 0 : balance;
    }

    private static String read() {
        try {
            return Files.readString(PAGE);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static void write(String page) {
        try {
            Files.writeString(PAGE, page);
        } catch (IOException unwritable) {
            throw new UncheckedIOException(unwritable);
        }
    }
}
