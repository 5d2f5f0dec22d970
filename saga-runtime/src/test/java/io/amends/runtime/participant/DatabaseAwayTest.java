package io.amends.runtime.participant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.amends.runtime.Bench;
import io.amends.runtime.Orders.ReserveStock;
import io.amends.runtime.TestDatabase;
import io.amends.runtime.wire.InboundRecord;
import io.amends.saga.engine.CommandKind;
import io.amends.test.postgres.EmbeddedPostgresServer;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A server of its own, which goes away in the middle. */
class DatabaseAwayTest {

    private static EmbeddedPostgresServer server;
    private static TestDatabase database;

    private final Bench bench = new Bench(database);
    private final Warehouse warehouse = new Warehouse(bench.jdbc);
    private final Participant participant = bench.participant("warehouse", warehouse, WarehouseFixture.AT_ONCE);

    @BeforeAll
    static void open() {
        server = EmbeddedPostgresServer.start();
        database = TestDatabase.on(server);
    }

    @AfterAll
    static void close() {
        database.close();
        server.close();
    }

    @Test
    void a_database_that_goes_away_is_no_attempt_of_the_command_and_the_poll_is_repeated() {
        database.clear();
        warehouse.surprise("o1", server::stop);
        List<InboundRecord> poll = List.of(reserve("o0"), reserve("o1"), reserve("o2"));
        assertThatThrownBy(() -> participant.process(poll)).isInstanceOf(RuntimeException.class);
        assertThatThrownBy(() -> participant.process(poll)).isInstanceOf(RuntimeException.class);

        warehouse.noSurprise("o1");
        server.restart();
        assertThat(database.count("saga_inbox_redelivery")).isZero();
        assertThat(database.count("saga_inbox_command")).isZero();

        participant.process(poll);
        assertThat(database.texts("select order_id from stock_move")).containsExactly("o0", "o1", "o2");
        assertThat(bench.sent()).hasSize(3);
    }

    @Test
    void a_database_that_goes_away_is_no_attempt_of_a_redelivery_either() {
        database.clear();
        warehouse.surprise("o1", () -> {
            throw new IllegalStateException("the shelf is locked");
        });
        participant.process(List.of(reserve("o1")));
        assertThat(database.number("select attempts from saga_inbox_redelivery"))
                .isEqualTo(1);

        warehouse.surprise("o1", server::stop);
        assertThatThrownBy(participant.redelivery()::poll).isInstanceOf(RuntimeException.class);
        assertThatThrownBy(participant.redelivery()::poll).isInstanceOf(RuntimeException.class);
        server.restart();
        assertThat(database.number("select attempts from saga_inbox_redelivery"))
                .isEqualTo(1);

        warehouse.noSurprise("o1");
        participant.redelivery().poll();
        assertThat(database.number("select sum(amount) from stock_move")).isEqualTo(-1);
        assertThat(bench.sent()).hasSize(1);
    }

    private InboundRecord reserve(String order) {
        return bench.command(
                "warehouse",
                UUID.randomUUID(),
                "reserve-stock",
                CommandKind.ACTION,
                new ReserveStock(order, "book", 1));
    }
}
