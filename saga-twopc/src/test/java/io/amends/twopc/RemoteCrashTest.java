package io.amends.twopc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.amends.outbox.schema.SagaSchema;
import io.amends.outbox.schema.SchemaMode;
import io.amends.twopc.Probe.Point;
import io.amends.twopc.http.EndpointServer;
import io.amends.twopc.http.HttpParticipant;
import java.io.BufferedReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Bank B is a service. The process that coordinates, or that of the service, dies at a point of the protocol. */
class RemoteCrashTest {

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final RemoteWork TEN = new RemoteWork("10".getBytes(StandardCharsets.UTF_8), "text/plain");

    private final TwoBanks banks = TwoBanks.open();

    RemoteCrashTest() {
        SagaSchema.Scripts scripts = new SagaSchema.Scripts(TwoPhaseEndpoint.SCRIPTS_FOLDER, TwoPhaseEndpoint.SCRIPTS);
        new SagaSchema(banks.poolB, SchemaMode.MIGRATE, List.of(scripts)).apply();
    }

    @AfterEach
    void close() {
        banks.close();
    }

    static HttpParticipant service(URI uri) {
        return new HttpParticipant(TwoBanks.B, uri, EndpointServer.SECRET, HttpClient.newHttpClient());
    }

    /** What bank B does for whoever asks. */
    static TwoPhaseEndpoint endpoint(DataSource bankB, Runnable afterWork) {
        TwoPhaseWork work = (connection, request) -> {
            TwoBanks.add(connection, Long.parseLong(new String(request.body(), StandardCharsets.UTF_8)));
            afterWork.run();
        };
        return new TwoPhaseEndpoint(bankB, work, TwoPhaseEndpointSettings.DEFAULT);
    }

    static void transfer(TwoPhaseTransactions transactions) throws SQLException {
        transactions.executeWithoutResult(transaction -> {
            transaction.branch(TwoBanks.A, connection -> TwoBanks.add(connection, -10));
            transaction.remote(TwoBanks.B, TEN);
        });
    }

    static Stream<Arguments> points() {
        return Stream.of(
                arguments(Point.BEFORE_PREPARE, TwoBanks.B, false),
                arguments(Point.AFTER_PREPARE, TwoBanks.B, false),
                arguments(Point.BEFORE_DECISION, "", false),
                arguments(Point.AFTER_DECISION, "", true),
                arguments(Point.BEFORE_COMMIT, TwoBanks.B, true),
                arguments(Point.AFTER_COMMIT, TwoBanks.B, true),
                arguments(Point.BEFORE_DONE, "", true));
    }

    @ParameterizedTest
    @MethodSource("points")
    void a_coordinator_that_dies_leaves_nothing_that_its_successor_does_not_end(
            Point point, String branch, boolean decided) throws Exception {
        try (EndpointServer server = new EndpointServer(() -> endpoint(banks.poolB, () -> {}))) {
            CrashPointsTest.crash(banks, server.uri().toString(), "one", point, branch, false);

            assertAllEnds(server.uri(), decided);
        }
    }

    static Stream<Arguments> requests() {
        return Stream.of(
                arguments(CrashedService.BEFORE, "prepare", false),
                arguments(CrashedService.AT_WORK, "prepare", false),
                arguments(CrashedService.AFTER, "prepare", false),
                arguments(CrashedService.BEFORE, "commit", true),
                arguments(CrashedService.AFTER, "commit", true),
                arguments(CrashedService.BEFORE, "rollback", false),
                arguments(CrashedService.AFTER, "rollback", false));
    }

    @ParameterizedTest
    @MethodSource("requests")
    void a_service_that_dies_ends_its_branch_as_was_decided_once_it_is_back(
            String moment, String request, boolean decided) throws Exception {
        Process process = CrashPointsTest.java(
                        CrashedService.class,
                        banks.poolB.getJdbcUrl(),
                        banks.server.username(),
                        banks.server.password(),
                        moment,
                        request)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
                TwoPhaseTransactions transactions = coordinator(URI.create(output.readLine()))) {
            Throwable thrown = catchThrowable(() -> {
                if (request.equals("rollback")) {
                    transferThatBankARefuses(transactions);
                } else {
                    transfer(transactions);
                }
            });
            if (decided) {
                assertThat(thrown).isNull();
            } else {
                assertThat(thrown).isInstanceOf(TransactionAbortedException.class);
            }
            CrashPointsTest.awaitDeath(process);
        } finally {
            process.destroyForcibly();
        }

        try (EndpointServer server = new EndpointServer(() -> endpoint(banks.poolB, () -> {}))) {
            assertAllEnds(server.uri(), decided);
        }
    }

    /** Bank A can't prepare that, while bank B can. */
    private static void transferThatBankARefuses(TwoPhaseTransactions transactions) throws SQLException {
        transactions.executeWithoutResult(transaction -> {
            transaction.branch(TwoBanks.A, connection -> {
                TwoBanks.add(connection, -10);
                connection.createStatement().execute("notify nobody");
            });
            transaction.remote(TwoBanks.B, TEN);
        });
    }

    private TwoPhaseTransactions coordinator(URI bankB) {
        CoordinatorName name = new CoordinatorName(TwoBanks.INSTALLATION, "one");
        return new TwoPhaseTransactions(
                name,
                banks.log(),
                List.of(new JdbcParticipant(TwoBanks.A, banks.poolA), service(bankB)),
                TwoBanks.SETTINGS,
                UUID::randomUUID,
                () -> 0.5);
    }

    /** What the dead had sent may still be carried out, so one look need not find all of it. */
    private void assertAllEnds(URI bankB, boolean decided) {
        try (TwoPhaseTransactions successor = coordinator(bankB)) {
            Awaitility.await().atMost(LIMIT).untilAsserted(() -> {
                successor.recover();
                assertThat(banks.violations()).isEmpty();
                assertThat(banks.balance(TwoBanks.B)).isEqualTo(decided ? 110 : 100);
                assertThat(banks.log().unfinished(10, LIMIT)).isEmpty();
            });
            assertThat(successor.heuristics()).isEmpty();
        }
    }
}
