package io.amends.dashboard.alerts;

import io.amends.dashboard.Office;
import io.amends.dashboard.stuck.StuckAllowances;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.jdbc.core.JdbcOperations;

/** Sagas that get stuck and recover, and processes that watch. */
abstract class AlertFixture {

    static final Duration LIMIT = Duration.ofSeconds(20);

    static Office office;

    final List<StuckAlert> heard = Collections.synchronizedList(new ArrayList<>());

    @BeforeAll
    static void open() {
        office = new Office();
    }

    @AfterAll
    static void close() {
        office.close();
    }

    @BeforeEach
    void clear() {
        office.clear();
        office.jdbc.execute(
                "truncate saga_console_stuck, saga_console_told, saga_console_alert, saga_console_delivery, saga_inbox_quarantine, saga_inbox_parked, saga_inbox_parked_key, saga_parked_key");
        heard.clear();
    }

    /** A process that watches. */
    StuckWatch watch() {
        return watch(false);
    }

    StuckWatch watch(boolean delivers) {
        return watch(office.jdbc, delivers);
    }

    StuckWatch watch(JdbcOperations jdbc, boolean delivers) {
        return new StuckWatch(jdbc, office.transactions, StuckAllowances.DEFAULT, LIMIT, delivers, heard::add);
    }

    static List<UUID> stuck(int number) {
        return IntStream.range(0, number)
                .mapToObj(i -> office.stuck("parcel-" + i))
                .toList();
    }

    /** As a retry that helps does, for all of them. */
    static void recover() {
        office.jdbc.update("update saga_instance set phase = 'RUNNING', stuck_since = null where phase = 'STUCK'");
    }

    /** As the next failure does. */
    static void getStuck() {
        office.jdbc.update(
                "update saga_instance set phase = 'STUCK', stuck_since = clock_timestamp() where phase = 'RUNNING'");
    }
}
