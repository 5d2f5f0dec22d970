package io.amends.runtime.participant;

import static org.assertj.core.api.Assertions.assertThat;

import io.amends.runtime.Bench;
import io.amends.runtime.wire.InboundRecord;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the framework itself sends to the server for a poll of any size; the handlers' inserts are left out. */
class StatementsOfAPollTest extends WarehouseFixture {

    private static final String CLAIM = "insert into saga_inbox_command";
    private static final String LOAD = "select i.saga_id";
    private static final String STORE = "update saga_inbox_command";
    private static final String SEND = "insert into saga_outbox";

    @ParameterizedTest
    @ValueSource(ints = {1, 10, 100})
    void three_statements_and_one_commit_for_commands_that_can_not_be_rejected(int size) {
        participant.process(poll(size, () -> putBack(UUID.randomUUID(), "o", 1)));

        assertFrameworkSent(CLAIM, STORE, SEND, "COMMIT");
        assertThat(bench.watch.count("SAVEPOINT")).isZero();
        assertThat(bench.sent()).hasSize(size);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 10, 100})
    void besides_them_a_savepoint_is_made_and_released_for_each_command_that_can_be_rejected(int size) {
        participant.process(poll(size, () -> reserve(UUID.randomUUID(), "o", 1)));

        assertFrameworkSent(CLAIM, STORE, SEND, "COMMIT");
        assertThat(bench.watch.count("SAVEPOINT")).isEqualTo(2L * size);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 10, 100})
    void three_statements_and_one_commit_for_repeats(int size) {
        List<InboundRecord> commands = poll(size, () -> reserve(UUID.randomUUID(), "o", 1));
        participant.process(commands);
        bench.watch.forget();
        participant.process(commands.stream().map(Bench::again).toList());

        assertFrameworkSent(CLAIM, LOAD, SEND, "COMMIT");
        assertThat(bench.watch.count("SAVEPOINT")).isZero();
        assertThat(bench.sent()).hasSize(2 * size);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 10, 100})
    void four_statements_and_one_commit_for_compensations(int size) {
        List<UUID> sagas = Stream.generate(UUID::randomUUID).limit(size).toList();
        participant.process(sagas.stream().map(id -> reserve(id, "o", 1)).toList());
        bench.watch.forget();
        participant.process(sagas.stream().map(id -> release(id, "o", 1)).toList());

        assertFrameworkSent(CLAIM, LOAD, STORE, SEND, "COMMIT");
        assertThat(stock()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 10, 100})
    void two_statements_and_one_commit_for_commands_that_nobody_understands(int size) {
        participant.process(poll(size, () -> {
            InboundRecord good = reserve(UUID.randomUUID(), "o", 1);
            return new InboundRecord(good.topic(), 0, good.offset(), good.key(), new byte[0], good.headers());
        }));

        assertFrameworkSent("insert into saga_inbox_quarantine", SEND, "COMMIT");
        assertThat(database.count("saga_inbox_quarantine")).isEqualTo(size);
        assertThat(bench.sent()).hasSize(size);
    }

    private static List<InboundRecord> poll(int size, Supplier<InboundRecord> record) {
        return Stream.generate(record).limit(size).toList();
    }

    private void assertFrameworkSent(String... starts) {
        List<String> sent = bench.watch.sentWithout("stock_move");
        assertThat(sent).hasSameSizeAs(starts);
        for (int i = 0; i < starts.length; i++) {
            assertThat(sent.get(i)).startsWith(starts[i]);
        }
    }
}
