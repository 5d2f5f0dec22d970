package io.amends.runtime.participant;

import static org.assertj.core.api.Assertions.assertThat;

import io.amends.runtime.Background;
import io.amends.runtime.Bench;
import io.amends.runtime.Sent;
import io.amends.runtime.wire.InboundRecord;
import io.amends.runtime.wire.ReservedTypes;
import io.amends.runtime.wire.SagaMessage;
import io.amends.runtime.wire.WireHeaders;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Each answer says which sending of the command it is for. */
class AttemptsOfACommandTest extends WarehouseFixture {

    private static final Runnable THROWS = () -> {
        throw new IllegalStateException("the shelf is locked");
    };

    private InboundRecord reserve(String attempt) {
        return Bench.with(reserve(saga, "o1", 1), WireHeaders.SAGA_ATTEMPT, attempt);
    }

    private List<String> attempts() {
        return bench.take().stream()
                .map(sent -> sent.outcome() + " " + sent.header(WireHeaders.SAGA_ATTEMPT))
                .toList();
    }

    @Test
    void a_reply_and_a_stored_reply_name_the_attempt_that_they_answer() {
        deliver(reserve("1"));
        deliver(reserve("2"), reserve("3"));

        assertThat(warehouse.calls()).hasSize(1);
        assertThat(attempts()).containsExactly("success 1", "success 2", "success 3");
    }

    @Test
    void an_error_names_its_attempt() {
        Participant impatient = bench.participant(
                "warehouse", warehouse, new RedeliverySettings(1, Duration.ZERO, Duration.ZERO, Duration.ofMillis(20)));
        warehouse.surprise("o1", THROWS);
        impatient.process(List.of(reserve("2")));
        impatient.process(List.of(Bench.with(reserve("3"), WireHeaders.TYPE, "dance")));

        assertThat(attempts()).containsExactly("error 2", "error 3");
    }

    @Test
    void a_command_that_was_sent_again_while_it_waits_for_redelivery_is_answered_for_the_last_attempt() {
        warehouse.surprise("o1", THROWS);
        deliver(reserve("1"));
        deliver(reserve("2"));
        participant.redelivery().poll();
        deliver(reserve("3"));
        participant.redelivery().poll();

        List<Sent> sent = bench.take();
        assertThat(sent).singleElement().satisfies(error -> {
            assertThat(error.type()).isEqualTo(ReservedTypes.HANDLER_FAILED);
            assertThat(error.header(WireHeaders.SAGA_ATTEMPT)).isEqualTo("3");
        });
        assertThat(database.count("saga_inbox_redelivery")).isZero();
    }

    @Test
    void another_attempt_does_not_wait_for_the_one_that_is_being_redelivered() throws Exception {
        warehouse.surprise("o1", THROWS);
        deliver(reserve("1"));
        CountDownLatch inHandler = new CountDownLatch(1);
        CountDownLatch mayGoOn = new CountDownLatch(1);
        warehouse.surprise("o1", () -> {
            if (inHandler.getCount() > 0) {
                inHandler.countDown();
                await(mayGoOn);
            }
            THROWS.run();
        });
        CompletableFuture<Void> redelivery = Background.run(participant.redelivery()::poll);
        await(inHandler);
        JdbcRedeliveries table = new JdbcRedeliveries(bench.jdbc, "warehouse");
        Background.run(() -> bench.transaction()
                        .executeWithoutResult(status -> table.add(SagaMessage.command(reserve("2")), "again", 0)))
                .get(10, TimeUnit.SECONDS);
        mayGoOn.countDown();
        redelivery.get(20, TimeUnit.SECONDS);
        participant.redelivery().poll();

        assertThat(attempts()).containsExactly("error 1");
    }

    @Test
    void a_sender_that_does_not_count_is_answered_without_a_number() {
        deliver(Bench.with(reserve(saga, "o1", 1), WireHeaders.SAGA_ATTEMPT, null));

        assertThat(attempts()).containsExactly("success ");
    }
}
