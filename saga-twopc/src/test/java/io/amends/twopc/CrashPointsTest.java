package io.amends.twopc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.amends.twopc.Probe.Point;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A process that coordinates dies at a point of the protocol. Its successor finds what it left. */
@ParameterizedClass(name = "branches wrote before: {0}")
@ValueSource(booleans = {false, true})
class CrashPointsTest {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final TwoBanks banks = TwoBanks.open();

    private final boolean wroteBefore;

    CrashPointsTest(boolean wroteBefore) {
        this.wroteBefore = wroteBefore;
        banks.wroteBefore(wroteBefore);
    }

    @AfterEach
    void close() {
        banks.close();
    }

    static Stream<Arguments> points() {
        return Stream.of(
                arguments(Point.BEFORE_PREPARE, TwoBanks.A, false),
                arguments(Point.BEFORE_PREPARE, TwoBanks.B, false),
                arguments(Point.AFTER_PREPARE, TwoBanks.A, false),
                arguments(Point.AFTER_PREPARE, TwoBanks.B, false),
                arguments(Point.BEFORE_DECISION, "", false),
                arguments(Point.AFTER_DECISION, "", true),
                arguments(Point.BEFORE_COMMIT, TwoBanks.A, true),
                arguments(Point.BEFORE_COMMIT, TwoBanks.B, true),
                arguments(Point.AFTER_COMMIT, TwoBanks.A, true),
                arguments(Point.AFTER_COMMIT, TwoBanks.B, true),
                arguments(Point.BEFORE_DONE, "", true));
    }

    @ParameterizedTest
    @MethodSource("points")
    void after_a_crash_all_is_committed_or_nothing_and_no_lock_is_left(Point point, String branch, boolean decided)
            throws Exception {
        crash("one", point, branch);
        try (TwoPhaseTransactions successor = banks.coordinator("one")) {
            successor.recover();
        }

        assertThat(banks.violations()).isEmpty();
        assertThat(banks.balance(TwoBanks.B)).isEqualTo(decided ? 110 : 100);
        assertThat(unfinished()).isEmpty();
    }

    @Test
    void another_coordinator_takes_over_what_is_decided_at_once_and_the_rest_when_it_is_old() throws Exception {
        try (TwoPhaseTransactions other = banks.coordinator("other")) {
            crash("gone", Point.AFTER_DECISION, "");
            other.recover();
            assertThat(banks.prepared()).isEmpty();
            assertThat(banks.balance(TwoBanks.B)).isEqualTo(110);

            crash("gone", Point.BEFORE_DECISION, "");
            other.recover();
            assertThat(banks.prepared()).hasSize(2);
        }
        try (TwoPhaseTransactions patient =
                banks.coordinator("other", banks.log(), Probe.NONE, RecoveryTest.takingOverAfter(Duration.ZERO))) {
            Awaitility.await().atMost(LIMIT).until(() -> {
                patient.recover();
                return banks.prepared().isEmpty();
            });
        }

        assertThat(banks.violations()).isEmpty();
        assertThat(banks.balance(TwoBanks.B)).isEqualTo(110);
    }

    private List<Decision> unfinished() {
        return banks.log().unfinished(10, Duration.ofSeconds(5));
    }

    private void crash(String name, Point point, String branch) throws IOException, InterruptedException {
        crash(banks, banks.poolB.getJdbcUrl(), name, point, branch, wroteBefore);
    }

    /** Has a coordinator die at a point of a transfer from bank A to the bank at that address. */
    static void crash(TwoBanks banks, String bankB, String name, Point point, String branch, boolean wroteBefore)
            throws IOException, InterruptedException {
        Process process = java(
                        CrashedCoordinator.class,
                        banks.poolA.getJdbcUrl(),
                        bankB,
                        banks.poolLog.getJdbcUrl(),
                        banks.server.username(),
                        banks.server.password(),
                        name,
                        point.name(),
                        branch,
                        String.valueOf(wroteBefore))
                .inheritIO()
                .start();
        awaitDeath(process);
        // What it had sent may still be carried out.
        Awaitility.await()
                .atMost(LIMIT)
                .until(() -> banks.jdbc(TwoBanks.A)
                        .queryForList(
                                "select pid from pg_stat_activity where application_name = ?",
                                Integer.class,
                                CrashedCoordinator.SESSIONS)
                        .isEmpty());
    }

    /** A JVM of its own. */
    static ProcessBuilder java(Class<?> main, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command);
    }

    /** It got to its point, and ended there. */
    static void awaitDeath(Process process) throws InterruptedException {
        try {
            assertThat(process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        assertThat(process.exitValue()).isEqualTo(CrashedCoordinator.DIED);
    }
}
