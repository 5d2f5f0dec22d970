package io.amends.twopc;

import io.amends.twopc.http.EndpointServer;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** The service that {@link RemoteCrashTest} has die: takes part as bank B, and halts at a request. */
final class CrashedService {

    /** The request has come, and nothing is done. */
    static final String BEFORE = "before";

    /** Its work is done, and not prepared. */
    static final String AT_WORK = "at-work";

    /** All is done but the answer. */
    static final String AFTER = "after";

    private CrashedService() {}

    /** Arguments: JDBC address of bank B, user, password, moment, request. Prints its address. */
    public static void main(String[] arguments) {
        DriverManagerDataSource bankB = new DriverManagerDataSource(arguments[0], arguments[1], arguments[2]);
        String moment = arguments[3];
        TwoPhaseEndpoint endpoint = RemoteCrashTest.endpoint(bankB, () -> dieIf(moment.equals(AT_WORK)));
        EndpointServer server = new EndpointServer(() -> endpoint);
        server.answerInBetween(path -> dieIf(moment.equals(BEFORE) && path.endsWith(arguments[4])));
        server.loseAnswersOf(path -> dieIf(moment.equals(AFTER) && path.endsWith(arguments[4])));
        System.out.println(server.uri());
    }

    private static boolean dieIf(boolean now) {
        if (now) {
            Runtime.getRuntime().halt(CrashedCoordinator.DIED);
        }
        return false;
    }
}
