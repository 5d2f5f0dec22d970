package io.amends.twopc;

import com.fasterxml.uuid.Generators;
import java.net.URI;
import java.sql.SQLException;
import java.util.List;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/**
 * The process that {@link CrashPointsTest} and {@link RemoteCrashTest} have die: transfers 10 from bank A to bank B, and halts at a
 * point of the protocol.
 */
final class CrashedCoordinator {

    /** What it ends with at the point; something else means that it did not get there. */
    static final int DIED = 42;

    /** Its sessions are known by that name. */
    static final String SESSIONS = "crashed-coordinator";

    private CrashedCoordinator() {}

    private static DriverManagerDataSource source(String url, String user, String password) {
        return new DriverManagerDataSource(url + "?ApplicationName=" + SESSIONS, user, password);
    }

    /**
     * Arguments: JDBC addresses of bank A, bank B and the log, user, password, name of the coordinator, point, branch,
     * whether branches wrote before. Bank B's address may be that of a service.
     */
    public static void main(String[] arguments) throws SQLException {
        String user = arguments[3];
        String password = arguments[4];
        CoordinatorName name = new CoordinatorName(TwoBanks.INSTALLATION, arguments[5]);
        Probe.Point point = Probe.Point.valueOf(arguments[6]);
        String branch = arguments[7];
        boolean wroteBefore = Boolean.parseBoolean(arguments[8]);
        boolean remote = arguments[1].startsWith("http");
        TwoPhaseTransactions transactions = new TwoPhaseTransactions(
                name,
                new JdbcDecisionLog(source(arguments[2], user, password), TwoBanks.INSTALLATION),
                List.of(
                        TwoBanks.participant(TwoBanks.A, source(arguments[0], user, password), wroteBefore),
                        remote
                                ? RemoteCrashTest.service(URI.create(arguments[1]))
                                : TwoBanks.participant(TwoBanks.B, source(arguments[1], user, password), wroteBefore)),
                TwoBanks.SETTINGS,
                Generators.timeBasedEpochGenerator()::generate,
                () -> 0.5,
                (at, where) -> {
                    if (at == point && where.equals(branch)) {
                        Runtime.getRuntime().halt(DIED);
                    }
                },
                Ours.of(name));
        if (remote) {
            RemoteCrashTest.transfer(transactions);
        } else {
            TwoBanks.transfer(transactions, 10);
        }
    }
}
