package io.amends.runtime.participant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import io.amends.runtime.Background;
import io.amends.runtime.Bench;
import io.amends.runtime.LogWatch;
import io.amends.runtime.Sent;
import io.amends.runtime.wire.InboundRecord;
import io.amends.runtime.wire.ReservedTypes;
import io.amends.runtime.wire.WireHeaders;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.springframework.dao.CannotAcquireLockException;

/** How often, when and by whom a command is tried again whose handler threw. */
class RedeliveryTest extends WarehouseFixture {

    private static final Runnable THROWS = () -> {
        throw new IllegalStateException("the shelf is locked");
    };

    @Test
    void a_command_whose_handler_threw_waits_and_the_others_of_the_poll_are_carried_out() {
        warehouse.surprise("bad", THROWS);
        deliver(
                reserve(UUID.randomUUID(), "before", 1),
                reserve(saga, "bad", 1),
                reserve(UUID.randomUUID(), "after", 1));

        assertThat(movedOrders()).containsExactly("after", "before");
        assertThat(bench.sent().stream().map(Sent::outcome)).containsExactly("success", "success");
        assertThat(database.row("select * from saga_inbox_redelivery"))
                .containsEntry("saga_id", saga)
                .containsEntry("attempts", 1)
                .containsEntry("error", "java.lang.IllegalStateException: the shelf is locked");
        assertThat(database.number("select count(*) from saga_inbox_command where saga_id = ?", saga))
                .isZero();
    }

    @Test
    void a_redelivery_that_succeeds_has_its_effect_and_its_reply_once() {
        warehouse.surprise("o1", THROWS);
        InboundRecord command = reserve(saga, "o1", 1);
        deliver(command);
        warehouse.noSurprise("o1");
        participant.redelivery().poll();
        participant.redelivery().poll();

        assertThat(stock()).isEqualTo(-1);
        assertThat(database.count("saga_inbox_redelivery")).isZero();
        assertThat(bench.sent().stream().map(Sent::outcome)).containsExactly("success");

        deliver(command);
        assertThat(stock()).isEqualTo(-1);
    }

    @Test
    void after_the_last_attempt_the_command_is_kept_raw_and_its_error_answered() {
        warehouse.surprise("o1", THROWS);
        InboundRecord command = reserve(saga, "o1", 1);
        deliver(command);
        participant.redelivery().poll();
        assertThat(database.number("select attempts from saga_inbox_redelivery"))
                .isEqualTo(2);
        assertThat(bench.sent()).isEmpty();
        participant.redelivery().poll();

        Sent answer = bench.sent().get(0);
        assertThat(answer.type()).isEqualTo(ReservedTypes.HANDLER_FAILED);
        assertThat(answer.outcome()).isEqualTo("error");
        assertThat(answer.key()).isEqualTo(saga.toString());
        assertThat(database.row("select * from saga_inbox_quarantine"))
                .containsEntry("reason_code", "HANDLER_FAILED")
                .containsEntry("offset_no", command.offset())
                .containsEntry("payload", command.value());
        assertThat(database.count("saga_inbox_redelivery")).isZero();
        assertThat(database.count("saga_inbox_command")).isZero();
        assertThat(stock()).isZero();

        participant.redelivery().poll();
        assertThat(bench.sent()).hasSize(1);
    }

    @Test
    void one_that_nobody_understands_at_its_last_attempt_is_kept_with_what_is_wrong_with_it() {
        warehouse.surprise("o1", THROWS);
        InboundRecord command = reserve(saga, "o1", 1);
        deliver(command);
        bench.jdbc.update("update saga_inbox_redelivery set attempts = 1000000");

        bench.participant("warehouse", new PermanentErrorsTest.VagueWarehouse(), AT_ONCE)
                .redelivery()
                .poll();

        assertThat(database.row("select * from saga_inbox_quarantine"))
                .containsEntry("reason_code", "UNKNOWN_TYPE")
                .containsEntry("offset_no", command.offset());
        assertThat(bench.take().stream().map(Sent::type)).containsExactly(ReservedTypes.COMMAND_NOT_UNDERSTOOD);
    }

    @Test
    void the_answer_tells_what_was_thrown_unless_that_is_switched_off() {
        Runnable secret = () -> {
            IllegalStateException thrown = new IllegalStateException("no paper in tray 7");
            thrown.setStackTrace(
                    new StackTraceElement[] {new StackTraceElement("com.shop.Printer", "print", "Printer.java", 12)});
            throw thrown;
        };
        warehouse.surprise("o1", secret);
        warehouse.surprise("o2", secret);
        bench.participant("warehouse", warehouse, once(true)).process(List.of(reserve(saga, "o1", 1)));
        Sent telling = bench.take().get(0);
        assertThat(telling.header(WireHeaders.SAGA_ERROR)).isEqualTo("IllegalStateException: no paper in tray 7");
        assertThat(telling.header(WireHeaders.SAGA_ERROR_FRAMES)).isEqualTo("com.shop.Printer.print:12");

        bench.participant("warehouse", warehouse, once(false)).process(List.of(reserve(UUID.randomUUID(), "o2", 1)));
        Sent silent = bench.take().get(0);
        assertThat(silent.type()).isEqualTo(ReservedTypes.HANDLER_FAILED);
        assertThat(silent.headers()).doesNotContainKeys(WireHeaders.SAGA_ERROR, WireHeaders.SAGA_ERROR_FRAMES);
    }

    private static RedeliverySettings once(boolean tellsErrors) {
        return new RedeliverySettings(
                1, Duration.ZERO, Duration.ZERO, Duration.ofMillis(20), Duration.ofSeconds(60), tellsErrors);
    }

    @Test
    void with_a_single_attempt_the_error_is_answered_at_once() {
        Participant impatient = bench.participant(
                "warehouse", warehouse, new RedeliverySettings(1, Duration.ZERO, Duration.ZERO, Duration.ofMillis(20)));
        warehouse.surprise("o1", THROWS);
        impatient.process(List.of(reserve(saga, "o1", 1)));

        assertThat(bench.sent().stream().map(Sent::type)).containsExactly(ReservedTypes.HANDLER_FAILED);
        assertThat(database.count("saga_inbox_redelivery")).isZero();
    }

    @Test
    void a_command_that_is_not_due_yet_is_left_alone() {
        warehouse.surprise("o1", THROWS);
        deliver(reserve(saga, "o1", 1));
        database.jdbc().update("update saga_inbox_redelivery set next_attempt_at = clock_timestamp() + interval '1 h'");
        int calls = warehouse.calls().size();
        participant.redelivery().poll();
        assertThat(warehouse.calls()).hasSize(calls);
    }

    @Test
    void the_wait_doubles_up_to_the_longest_one_and_chance_takes_any_part_of_it() {
        RedeliverySettings settings =
                new RedeliverySettings(9, Duration.ofMillis(200), Duration.ofSeconds(1), Duration.ofMillis(20));
        assertThat(settings.waitMillis(1, () -> 1)).isEqualTo(200);
        assertThat(settings.waitMillis(2, () -> 1)).isEqualTo(400);
        assertThat(settings.waitMillis(3, () -> 0.5)).isEqualTo(400);
        assertThat(settings.waitMillis(4, () -> 1)).isEqualTo(1_000);
        assertThat(settings.waitMillis(1_000, () -> 1)).isEqualTo(1_000);
        assertThat(settings.waitMillis(1, () -> 0)).isZero();
    }

    @Test
    void once_started_it_delivers_by_itself_until_it_is_stopped() {
        warehouse.surprise("o1", THROWS);
        deliver(reserve(saga, "o1", 1));
        warehouse.noSurprise("o1");
        participant.redelivery().start();
        try {
            Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> stock() == -1);
        } finally {
            participant.redelivery().stop(Duration.ofSeconds(10));
        }
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() -> Thread.getAllStackTraces().keySet().stream()
                        .noneMatch(thread -> thread.getName().equals("saga-redelivery-warehouse")));
    }

    @Test
    void a_command_that_one_process_is_delivering_is_left_alone_by_the_others() throws Exception {
        warehouse.surprise("o1", THROWS);
        deliver(reserve(saga, "o1", 1));
        CountDownLatch inHandler = new CountDownLatch(1);
        CountDownLatch mayGoOn = new CountDownLatch(1);
        warehouse.surprise("o1", () -> {
            inHandler.countDown();
            await(mayGoOn);
        });
        CompletableFuture<Void> first = Background.run(participant.redelivery()::poll);
        await(inHandler);
        CompletableFuture<Void> second = Background.run(
                bench.participant("warehouse", warehouse, AT_ONCE).redelivery()::poll);
        second.get(10, TimeUnit.SECONDS);
        mayGoOn.countDown();
        first.get(20, TimeUnit.SECONDS);

        assertThat(warehouse.calls()).hasSize(2);
        assertThat(stock()).isEqualTo(-1);
        assertThat(bench.sent()).hasSize(1);
    }

    @Test
    void a_connection_that_breaks_is_no_attempt_neither_of_a_delivery_nor_of_a_redelivery() {
        Runnable breaks = () -> bench.jdbc.execute("select pg_terminate_backend(pg_backend_pid())");
        warehouse.surprise("o1", breaks);
        InboundRecord command = reserve(saga, "o1", 1);
        InboundRecord other = reserve(UUID.randomUUID(), "o2", 1);
        assertThatThrownBy(() -> deliver(command)).isInstanceOf(RuntimeException.class);
        assertThatThrownBy(() -> deliver(other, command)).isInstanceOf(RuntimeException.class);
        assertThat(database.count("saga_inbox_redelivery")).isZero();
        assertThat(stock()).isZero();

        warehouse.surprise("o1", THROWS);
        deliver(command);
        warehouse.surprise("o1", breaks);
        assertThatThrownBy(participant.redelivery()::poll).isInstanceOf(RuntimeException.class);
        assertThat(database.number("select attempts from saga_inbox_redelivery"))
                .isEqualTo(1);
    }

    @Test
    void an_error_of_the_handler_is_taken_like_an_exception() {
        warehouse.surprise("o1", () -> {
            throw new StackOverflowError();
        });
        warehouse.surprise("o2", () -> {
            throw new AssertionError("negative stock");
        });
        deliver(reserve(saga, "o1", 1), reserve(UUID.randomUUID(), "o2", 1), reserve(UUID.randomUUID(), "o3", 1));

        assertThat(movedOrders()).containsExactly("o3");
        assertThat(database.count("saga_inbox_redelivery")).isEqualTo(2);
        participant.redelivery().poll();
        participant.redelivery().poll();
        assertThat(bench.sent().stream().map(Sent::type))
                .containsExactlyInAnyOrder(
                        "stock-reserved", ReservedTypes.HANDLER_FAILED, ReservedTypes.HANDLER_FAILED);
    }

    @Test
    void a_command_that_loses_every_race_is_given_up_and_does_not_starve_those_behind_it() {
        warehouse.surprise("bad", () -> {
            throw new CannotAcquireLockException("always", new SQLException("deadlock detected", "40P01"));
        });
        warehouse.surprise("late", THROWS);
        deliver(reserve(saga, "bad", 1));
        deliver(reserve(UUID.randomUUID(), "late", 1));
        warehouse.noSurprise("late");
        participant.redelivery().poll();
        assertThat(movedOrders()).containsExactly("late");
        participant.redelivery().poll();
        assertThat(bench.sent().stream().map(Sent::type)).contains(ReservedTypes.HANDLER_FAILED);
    }

    @Test
    void a_command_that_lost_two_races_is_carried_out_at_once_in_the_third() {
        warehouse.surprise("o1", () -> {
            if (warehouse.calls().size() <= 2) {
                throw new CannotAcquireLockException("twice", new SQLException("deadlock detected", "40P01"));
            }
        });
        deliver(reserve(saga, "o1", 1), reserve(UUID.randomUUID(), "o2", 1));
        assertThat(movedOrders()).containsExactly("o1", "o2");
        assertThat(database.count("saga_inbox_redelivery")).isZero();
    }

    @Test
    void nothing_is_lost_where_the_pool_does_not_commit_by_itself() {
        try (HikariDataSource pool = database.poolWithoutAutoCommit()) {
            Bench other = new Bench(database, pool);
            Warehouse careless = new Warehouse(other.jdbc);
            careless.surprise("o1", THROWS);
            other.participant("warehouse", careless, AT_ONCE).process(List.of(reserve(saga, "o1", 1)));
        }
        assertThat(database.count("saga_inbox_redelivery")).isEqualTo(1);
    }

    @Test
    void attempts_are_logged_with_step_and_saga_but_without_the_payload() {
        warehouse.surprise("o1", THROWS);
        try (LogWatch log = LogWatch.of("io.amends.runtime.participant")) {
            deliver(reserve(saga, "o1", 1));
            participant.redelivery().poll();
            participant.redelivery().poll();
            assertThat(log.lines())
                    .hasSize(3)
                    .allSatisfy(line -> assertThat(line)
                            .contains(saga.toString(), "reserve-stock")
                            .doesNotContain("o1"));
        }
    }

    @Test
    void what_a_handler_throws_is_in_the_tables_and_in_no_log_which_names_its_class_and_place() {
        String secret = "4111-1111-1111-1111";
        warehouse.surprise("o1", () -> {
            throw new IllegalStateException("no such card " + secret);
        });
        warehouse.surprise("o2", () -> {
            throw new IllegalStateException("no such card " + secret);
        });
        InboundRecord command = reserve(saga, "o1", 1);
        try (LogWatch log = LogWatch.of("ROOT")) {
            deliver(command);
            assertThat(database.texts("select error from saga_inbox_redelivery"))
                    .singleElement()
                    .asString()
                    .contains(secret);
            participant.redelivery().poll();
            participant.redelivery().poll();
            bench.participant("warehouse", warehouse, once(false)).process(List.of(reserve(saga, "o2", 1)));

            assertThat(log.lines()).noneMatch(line -> line.contains(secret));
            assertThat(log.lines().get(0))
                    .contains("java.lang.IllegalStateException at ", "RedeliveryTest.java", "saga_inbox_redelivery");
            assertThat(log.lines())
                    .anySatisfy(line ->
                            assertThat(line).contains(command.place(), "HANDLER_FAILED", "saga_inbox_quarantine"));
        }
        assertThat(database.texts("select reason from saga_inbox_quarantine"))
                .hasSize(2)
                .allMatch(reason -> reason.contains(secret));
    }
}
