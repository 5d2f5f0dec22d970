package io.amends.dashboard.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.amends.dashboard.Deliveries.Collected;
import io.amends.dashboard.Deliveries.Parcel;
import io.amends.dashboard.Depot;
import io.amends.dashboard.database.BoundedReads;
import io.amends.dashboard.rest.MoneyAtRisk.MoneyAnswer;
import io.amends.dashboard.rest.MoneyAtRisk.MoneyRow;
import io.amends.dashboard.stuck.StuckAllowances;
import io.amends.dashboard.stuck.StuckCounts;
import io.amends.dashboard.stuck.StuckInbox;
import io.amends.dashboard.stuck.StuckSql;
import io.amends.dashboard.tenants.TenantScope;
import io.amends.runtime.orchestrator.Orchestration;
import io.amends.saga.SagaKey;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/** How much money is at risk in all that is stuck. */
class MoneyAtRiskTest {

    private static Depot depot;

    private final Orchestration orchestration = depot.orchestration();
    private final MoneyAtRisk byCurrency = of("amount", "currency");

    @BeforeAll
    static void open() {
        depot = new Depot();
    }

    @AfterAll
    static void close() {
        depot.close();
    }

    @BeforeEach
    void clear() {
        depot.clear();
    }

    private static MoneyAtRisk of(String attribute, String currency) {
        return new MoneyAtRisk(depot.reads(), inbox(depot.reads()), attribute, currency);
    }

    private static StuckInbox inbox(BoundedReads reads) {
        return new StuckInbox(reads, StuckAllowances.DEFAULT);
    }

    private static @Nullable MoneyAnswer total(MoneyAtRisk money, TenantScope scope) {
        return MoneyAtRisk.answer(money.counts(scope));
    }

    private UUID runs(String key, String attributes) {
        UUID id = orchestration
                .sagas()
                .start("delivery", Parcel.of(key), SagaKey.of(key))
                .sagaId();
        depot.jdbc.update("update saga_instance set attributes = ?::jsonb where saga_id = ?", attributes, id);
        return id;
    }

    private void stuck(String key, String attributes) {
        UUID id = runs(key, attributes);
        orchestration.replies().process(List.of(depot.reply(depot.takeLast(), new Collected("unknown van"))));
        depot.jdbc.update("update saga_instance set attributes = ?::jsonb where saga_id = ?", attributes, id);
    }

    private static MoneyRow row(@Nullable String currency, String amount, long sagas) {
        return new MoneyRow(currency, new Verbatim(amount), sagas);
    }

    /** As many more as are ever read of what is stuck, stuck for longer, of which every second one says how much it moves. */
    private static void crowdOut() {
        depot.jdbc.update("""
                insert into saga_instance
                select (other).* from (
                  select jsonb_populate_record(i, jsonb_build_object(
                           'saga_id', gen_random_uuid(), 'business_key', 'other-' || n,
                           'attributes', case when n % 2 = 0 then '{"amount":"1"}'::jsonb else '{}' end,
                           'stuck_since', i.stuck_since - interval '1 hour')) as other
                    from saga_instance i cross join generate_series(1, ?) n offset 0) o""", StuckSql.MOST);
    }

    @Test
    void where_more_are_stuck_than_are_ever_read_it_is_told_that_more_may_be_at_risk() {
        stuck("a", "{\"amount\":\"7\"}");
        crowdOut();

        assertThat(total(byCurrency, TenantScope.ALL))
                .isEqualTo(new MoneyAnswer(List.of(row(null, "5000", 5_000)), 1, 0, false));
        depot.jdbc.update("update saga_instance set attributes = '{}'");
        assertThat(total(byCurrency, TenantScope.ALL)).isEqualTo(new MoneyAnswer(List.of(), 0, 0, false));
    }

    @Test
    void amounts_of_stuck_sagas_are_added_exactly_for_each_currency() {
        stuck("a", "{\"amount\":\"0.1\",\"currency\":\"EUR\"}");
        stuck("b", "{\"amount\":\"9007199254740993.20\",\"currency\":\"EUR\"}");
        stuck("c", "{\"amount\":\"7\",\"currency\":\"CHF\"}");
        runs("goes on", "{\"amount\":\"1000\",\"currency\":\"EUR\"}");

        assertThat(total(byCurrency, TenantScope.ALL))
                .isEqualTo(
                        new MoneyAnswer(List.of(row("EUR", "9007199254740993.30", 2), row("CHF", "7", 1)), 2, 0, true));
        assertThat(total(of("amount", null), TenantScope.ALL))
                .isEqualTo(new MoneyAnswer(List.of(row(null, "9007199254741000.30", 3)), 1, 0, true));
    }

    @Test
    void what_is_no_number_is_counted_and_stops_nothing() {
        stuck("a", "{\"amount\":\"12 EUR\"}");
        stuck("b", "{\"amount\":\"1e400\"}");
        stuck("c", "{\"amount\":\"-2.50\"}");
        stuck("d", "{}");

        assertThat(total(byCurrency, TenantScope.ALL))
                .isEqualTo(new MoneyAnswer(List.of(row(null, "-2.50", 1)), 1, 2, true));
    }

    @Test
    void only_their_own_tenants_money_is_told_to_somebody() {
        stuck("a", "{\"amount\":\"1\",\"town\":\"Bonn\"}");
        stuck("b", "{\"amount\":\"20\",\"town\":\"Ulm\"}");

        assertThat(total(byCurrency, TenantScope.of("town", List.of("Ulm"))))
                .isEqualTo(new MoneyAnswer(List.of(row(null, "20", 1)), 1, 0, true));
        assertThat(total(byCurrency, TenantScope.of("town", List.of())))
                .isEqualTo(new MoneyAnswer(List.of(), 0, 0, true));
    }

    @Test
    void an_attribute_with_a_value_for_each_saga_makes_no_endless_list_and_what_is_listed_is_exact() {
        for (int i = 0; i < 22; i++) {
            stuck("k" + i, "{\"amount\":\"1\",\"currency\":\"%d\"}".formatted(i));
        }
        stuck("words", "{\"amount\":\"much\",\"currency\":\"x\"}");

        MoneyAnswer told = total(byCurrency, TenantScope.ALL);

        assertThat(told).isNotNull();
        assertThat(told.amounts()).hasSize(20).doesNotHaveDuplicates();
        assertThat(told.currencies()).isEqualTo(22);
        assertThat(told.unread()).isEqualTo(1);
        assertThat(told.isAll()).isTrue();
    }

    @Test
    void nothing_is_told_where_no_attribute_says_it() {
        stuck("a", "{\"amount\":\"1\"}");

        assertThat(total(new MoneyAtRisk(depot.reads(), inbox(depot.reads()), null, null), TenantScope.ALL))
                .isNull();
    }

    @Test
    void counts_and_sums_are_of_one_moment_and_what_is_stuck_is_read_once() {
        stuck("a", "{\"amount\":\"7\"}");
        AtomicInteger snapshots = new AtomicInteger();
        BoundedReads reads = reads(connection -> {
            snapshots.incrementAndGet();
            return connection;
        });

        StuckCounts counts = new MoneyAtRisk(reads, inbox(reads), "amount", "currency").counts(TenantScope.ALL);

        assertThat(counts.total()).isEqualTo(1);
        assertThat(MoneyAtRisk.answer(counts)).isEqualTo(new MoneyAnswer(List.of(row(null, "7", 1)), 1, 0, true));
        assertThat(counts.byReason()).isEqualTo(inbox(depot.reads()).counts().byReason());
        assertThat(snapshots).hasValue(1);
    }

    @Test
    void what_is_stuck_is_told_without_its_money_where_that_takes_too_long() {
        stuck("a", "{\"amount\":\"7\"}");
        BoundedReads reads = reads(MoneyAtRiskTest::addsUpSlowly);

        StuckCounts counts = new MoneyAtRisk(reads, inbox(reads), "amount", "currency").counts(TenantScope.ALL);

        assertThat(counts.total()).isEqualTo(1);
        assertThat(MoneyAtRisk.answer(counts)).isNull();
    }

    private static BoundedReads reads(UnaryOperator<Connection> through) {
        return new BoundedReads(
                new DelegatingDataSource(depot.pool()) {
                    @Override
                    public Connection getConnection() throws SQLException {
                        return through.apply(super.getConnection());
                    }
                },
                Duration.ofSeconds(10));
    }

    private static Connection addsUpSlowly(Connection connection) {
        return (Connection) Proxy.newProxyInstance(
                Connection.class.getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                    if (arguments != null && String.valueOf(arguments[0]).contains("sum(")) {
                        throw new SQLTimeoutException("too slow");
                    }
                    return method.invoke(connection, arguments);
                });
    }
}
