package io.amends.runtime.participant;

import static org.assertj.core.api.Assertions.assertThat;

import io.amends.runtime.LogWatch;
import io.amends.runtime.Orders.ReserveStock;
import io.amends.runtime.Orders.ReserveStockReply;
import io.amends.runtime.Sent;
import io.amends.runtime.wire.ReservedTypes;
import io.amends.runtime.wire.WireHeaders;
import io.amends.saga.Command;
import io.amends.saga.CommandHandler;
import io.amends.saga.Reply;
import io.amends.saga.engine.CommandKind;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Errors of a handler after which another attempt is useless. */
class PermanentErrorsTest extends WarehouseFixture {

    @Test
    void an_exception_that_another_attempt_can_not_mend_is_answered_at_once_and_for_good() {
        Participant brittle = bench.participant("warehouse", new BrittleWarehouse(), AT_ONCE);
        brittle.process(List.of(reserve(saga, "no such shelf", 1)));

        assertThat(bench.take().stream().map(Sent::type)).containsExactly(ReservedTypes.HANDLER_FAILED_FOR_GOOD);
        assertThat(database.count("saga_inbox_redelivery")).isZero();
        assertThat(database.count("saga_inbox_quarantine")).isEqualTo(1);

        brittle.process(List.of(reserve(saga, "busy", 1)));
        assertThat(bench.sent()).isEmpty();
        brittle.redelivery().poll();
        assertThat(bench.take().stream().map(Sent::type)).containsExactly(ReservedTypes.HANDLER_FAILED_FOR_GOOD);
    }

    @Test
    void a_checked_exception_is_told_as_it_is_and_may_be_one_that_another_attempt_can_not_mend() {
        Participant reading = bench.participant("warehouse", new ReadingWarehouse(), AT_ONCE);
        reading.process(List.of(reserve(saga, "slow disk", 1)));
        assertThat(database.row("select * from saga_inbox_redelivery"))
                .containsEntry("error", "java.io.IOException: slow disk");

        reading.process(List.of(reserve(UUID.randomUUID(), "no such file", 1)));
        Sent answer = bench.take().get(0);
        assertThat(answer.type()).isEqualTo(ReservedTypes.HANDLER_FAILED_FOR_GOOD);
        assertThat(answer.header(WireHeaders.SAGA_ERROR)).isEqualTo("FileNotFoundException: no such file");
    }

    @Test
    void a_handler_that_answers_with_nothing_is_told_of_in_words_and_at_once() {
        try (LogWatch log = LogWatch.of("io.amends.runtime.participant")) {
            bench.participant("warehouse", new SilentWarehouse(), AT_ONCE).process(List.of(reserve(saga, "o1", 1)));

            assertThat(log.lines())
                    .singleElement()
                    .asString()
                    .endsWith("SilentWarehouse.reserve(ReserveStock) returned null; a handler answers with a reply");
        }
        assertThat(bench.take().stream().map(Sent::type)).containsExactly(ReservedTypes.HANDLER_FAILED_FOR_GOOD);
    }

    @Test
    void an_answer_that_says_neither_yes_nor_no_is_told_of_in_words_and_at_once() {
        try (LogWatch log = LogWatch.of("io.amends.runtime.participant")) {
            bench.participant("warehouse", new VagueWarehouse(), AT_ONCE)
                    .process(List.of(bench.command("warehouse", saga, "count", CommandKind.ACTION, new Count("o1"))));

            assertThat(log.lines())
                    .singleElement()
                    .asString()
                    .endsWith(
                            "count was answered with Perhaps, which is neither a Success nor a Rejection. Let it implement Rejection if the answer is no, else Success.");
        }
        assertThat(bench.take().stream().map(Sent::type)).containsExactly(ReservedTypes.HANDLER_FAILED_FOR_GOOD);
    }

    /** Knows which of its exceptions pass. */
    static final class BrittleWarehouse {

        private boolean busy = true;

        @CommandHandler(notAfter = IllegalArgumentException.class)
        ReserveStockReply reserve(ReserveStock command) {
            if (command.orderId().equals("busy") && busy) {
                busy = false;
                throw new IllegalStateException("busy");
            }
            throw new NumberFormatException("no such shelf");
        }
    }

    static final class ReadingWarehouse {

        @CommandHandler(notAfter = FileNotFoundException.class)
        ReserveStockReply reserve(ReserveStock command) throws IOException {
            throw command.orderId().equals("no such file")
                    ? new FileNotFoundException(command.orderId())
                    : new IOException(command.orderId());
        }
    }

    static final class SilentWarehouse {

        @CommandHandler
        @Nullable
        ReserveStockReply reserve(ReserveStock command) {
            return null;
        }
    }

    record Count(String order) implements Command<CountReply> {}

    /** Not sealed, so that nobody knows at the start what it will be. */
    interface CountReply extends Reply {}

    record Perhaps() implements CountReply {}

    static final class VagueWarehouse {

        @CommandHandler
        CountReply count(Count command) {
            return new Perhaps();
        }
    }
}
