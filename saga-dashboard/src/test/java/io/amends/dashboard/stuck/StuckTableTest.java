package io.amends.dashboard.stuck;

import static org.assertj.core.api.Assertions.assertThat;

import io.amends.dashboard.Depot;
import io.amends.dashboard.stuck.StuckRows.Line;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The statement's conditions one by one, on rows that are written for it: which combination of columns is which reason, since
 * when, and what is next to it and none. That the engine writes such rows is what {@link StuckReasonsTest} shows. Each line
 * was there to end the life of a mutation of the statement.
 *
 * <p>A line is: what it is about | what is told of it, with the seconds that it has been so | i: the instance | s: a step |
 * k: a parked key | o: a message in the outbox | q: a quarantined message. Times are seconds from now; P is the patience with
 * a step that no process has noted. Every line is a saga of its own, and all are asked for at once.
 */
class StuckTableTest {

    private static final String STUCK = """
            an exhausted compensation      | COMPENSATION_FAILED 600 | i phase=STUCK reason_code=COMPENSATION_FAILED stuck_since=-600
            exhausted retries              | RETRIES_EXHAUSTED 600   | i phase=STUCK reason_code=RETRIES_EXHAUSTED stuck_since=-600
            parked at its deadline         | DEADLINE_BREACHED 600   | i phase=STUCK reason_code=DEADLINE_BREACHED stuck_since=-600
            stuck without its version      | NO_HANDLER_VERSION 600  | i phase=STUCK reason_code=NO_HANDLER_VERSION stuck_since=-600
            any other code                 | NON_RETRYABLE 600       | i phase=STUCK reason_code=REJECTED stuck_since=-600
            no code at all                 | NON_RETRYABLE 600       | i phase=STUCK stuck_since=-600
            stuck by an older process      | NON_RETRYABLE 700       | i phase=STUCK updated_at=-700
            stuck of a version that is gone| NON_RETRYABLE 500       | i phase=STUCK stuck_since=-500 version=3
            stuck and held                 | none                    | i phase=STUCK stuck_since=-600 pause_reason=wait
            no longer stuck                | none                    | i stuck_since=-600 reason_code=RETRIES_EXHAUSTED
            """;

    private static final String VERSIONS = """
            its version is gone            | NO_HANDLER_VERSION 600  | i version=3
            the same while it turns back   | NO_HANDLER_VERSION 600  | i version=3 phase=COMPENSATING cause_code=REJECTED
            it began later than that       | NO_HANDLER_VERSION 300  | i version=3 created_at=-300
            the same and held              | none                    | i version=3 pause_reason=wait
            the same and over              | none                    | i version=3 phase=COMPLETED
            a deployment goes on           | none                    | i version=4
            one of two processes is gone   | none                    | i version=5
            never was a process, young     | NO_HANDLER_VERSION 3600 | i version=6
            never was a process, old       | NO_HANDLER_VERSION 10000| i version=6 created_at=-15000
            just longer than a deployment  | NO_HANDLER_VERSION 140  | i version=8
            """;

    private static final String MESSAGES = """
            its key is parked              | OUTBOX_BLOCKED 100      | k since=-100
            the same while it turns back   | OUTBOX_BLOCKED 100      | i phase=COMPENSATING | k since=-100
            the same and held              | none                    | i pause_reason=wait | k since=-100
            the same and over              | none                    | i phase=COMPENSATED | k since=-100
            the key is released            | none                    | k since=-100 blocked_by=
            the application's own key      | none                    | k since=-100 aggregatetype=sagas.commands
            two keys, the older counts     | OUTBOX_BLOCKED 900      | k since=-100 | k since=-900 aggregatetype=saga.mail.commands
            unsent                         | OUTBOX_BLOCKED 90       | o bucket=0 xid=2000 created_at=-90
            unsent while it turns back     | OUTBOX_BLOCKED 90       | i phase=COMPENSATING | o bucket=0 xid=2000 created_at=-90
            unsent and held                | none                    | i pause_reason=wait | o bucket=0 xid=2000 created_at=-90
            unsent of the application      | none                    | o bucket=0 xid=2000 created_at=-90 aggregatetype=sagas
            sent                           | none                    | o bucket=0 xid=900 created_at=-90
            not long unsent                | none                    | o bucket=3 xid=2000 created_at=-20
            a young one behind an old one  | none                    | o bucket=0 xid=2001 created_at=-20
            by a transaction open then     | OUTBOX_BLOCKED 90       | o bucket=1 xid=1005 created_at=-90
            by one that had ended then     | none                    | o bucket=1 xid=1006 created_at=-90
            behind a chunk's end           | OUTBOX_BLOCKED 90       | o bucket=2 xid=1005 position=501 created_at=-90
            at a chunk's end               | none                    | o bucket=2 xid=1005 position=500 created_at=-90
            behind it, and sent before     | none                    | o bucket=2 xid=1004 position=502 created_at=-90
            before it, and newer           | none                    | o bucket=2 xid=1020 position=400 created_at=-90
            an answer that is unreadable   | QUARANTINED_MESSAGE 50  | s first_sent_at=-60 | q quarantined_at=-50
            the same while it turns back   | QUARANTINED_MESSAGE 50  | i phase=COMPENSATING cause_code=REJECTED | s status=COMPENSATING first_sent_at=-60 | q quarantined_at=-50
            the same and held              | none                    | i pause_reason=wait | s first_sent_at=-60 | q quarantined_at=-50
            an answer to nobody            | none                    | s first_sent_at=-60 | q quarantined_at=-50 reason_code=UNKNOWN_SAGA
            a command that is unreadable   | none                    | s first_sent_at=-60 | q quarantined_at=-50 topic=saga.bank.commands
            the application's own topic    | none                    | s first_sent_at=-60 | q quarantined_at=-50 topic=bank.replies
            asked again after it           | none                    | s first_sent_at=-40 | q quarantined_at=-50
            answered by another message    | none                    | s first_sent_at=-60 status=SUCCEEDED | q quarantined_at=-50
            """;

    private static final String TIMERS = """
            nobody looked                  | NO_LIVE_OWNER 75        | i due_at=-75 | s due_at=-75
            nobody looked, turning back    | NO_LIVE_OWNER 75        | i due_at=-75 phase=COMPENSATING | s status=COMPENSATING due_at=-75
            nobody looked, and held        | none                    | i due_at=-75 pause_reason=wait | s due_at=-75
            a timer has its minute         | none                    | i due_at=-20 | s due_at=-20
            an earlier timer is over       | none                    | i due_at=-900 | s due_at=-20
            the step's time counts         | NO_LIVE_OWNER 75        | i due_at=-900 | s due_at=-75
            the earliest step counts       | NO_LIVE_OWNER 300       | i due_at=-900 | s due_at=-75 | s step=pack due_at=-300
            a step that was given up       | none                    | i due_at=-900 | s status=UNKNOWN due_at=-900
            a step that is answered        | none                    | i due_at=-900 | s status=SUCCEEDED due_at=-900
            the deadline is due            | NO_LIVE_OWNER 200       | i due_at=-200 deadline_at=-200
            the deadline before the step   | NO_LIVE_OWNER 200       | i due_at=-200 deadline_at=-200 | s due_at=-75
            the step before the deadline   | NO_LIVE_OWNER 200       | i due_at=-200 deadline_at=-75 | s due_at=-200
            no deadline once turned back   | none                    | i due_at=-200 deadline_at=-200 cause_code=REJECTED phase=COMPENSATING
            a hold's end was missed        | NO_LIVE_OWNER 65        | i due_at=-75 pause_reason=wait paused_until=-65
            the same, a step long due      | NO_LIVE_OWNER 65        | i due_at=-75 pause_reason=wait paused_until=-65 | s due_at=-900
            a hold that ends later         | none                    | i due_at=-20 pause_reason=wait paused_until=-20
            tried in vain thrice           | NO_LIVE_OWNER now       | i due_failures=3 due_at=300 | s due_at=300
            tried in vain, long due        | NO_LIVE_OWNER 30        | i due_failures=3 due_at=300 | s due_at=-30
            tried in vain, nothing due     | NO_LIVE_OWNER 800       | i due_failures=3 updated_at=-800
            tried in vain, turning back    | NO_LIVE_OWNER 30        | i due_failures=3 phase=COMPENSATING | s status=COMPENSATING due_at=-30
            tried in vain, and held        | none                    | i due_failures=3 pause_reason=wait | s due_at=-30
            tried in vain twice            | none                    | i due_failures=2 due_at=300 | s due_at=-30
            its deadline has just passed   | none                    | i due_at=-20 deadline_at=-20
            it goes on after its deadline  | DEADLINE_BREACHED 400   | i overdue=true deadline_at=-400
            the same, its timer not due    | DEADLINE_BREACHED 400   | i overdue=true deadline_at=-400 due_at=-400
            the same and held              | none                    | i overdue=true deadline_at=-400 pause_reason=wait
            it turned back at its deadline | none                    | i overdue=true deadline_at=-400 phase=COMPENSATING
            it must go on though it turned | none                    | i overdue=true deadline_at=-400 cause_code=DEADLINE_BREACHED
            """;

    private static final String STEPS = """
            somebody is late               | WAITING_PERSON_OVERDUE 5| s step=sign sla_at=-5
            somebody has time              | none                    | s step=sign sla_at=600
            somebody decided               | none                    | s step=sign sla_at=-5 status=SUCCEEDED
            somebody need not any more     | none                    | i phase=COMPENSATING | s step=sign sla_at=-5
            nor where it turned back       | none                    | i cause_code=REJECTED | s step=sign sla_at=-5
            somebody is late, and held     | none                    | i pause_reason=wait | s step=sign sla_at=-5
            no reply                       | REPLY_OVERDUE 75        | i tried=2 | s attempts=2 first_sent_at=-675
            no reply, of a compensation    | REPLY_OVERDUE 75        | i tried=2 phase=COMPENSATING | s status=COMPENSATING attempts=2 first_sent_at=-1275
            a compensation has its time    | none                    | i tried=2 phase=COMPENSATING | s status=COMPENSATING attempts=2 first_sent_at=-700
            a reply has its minute         | none                    | i tried=2 | s attempts=2 first_sent_at=-620
            no reply, and held             | none                    | i tried=2 pause_reason=wait | s attempts=2 first_sent_at=-675
            no reply to what nobody noted  | REPLY_OVERDUE 75        | i tried=2 | s step=new attempts=2 first_sent_at=-P-75
            what nobody noted has its time | none                    | i tried=2 | s step=new attempts=2 first_sent_at=-P-20
            nor what of no known version   | REPLY_OVERDUE 75        | i tried=2 version=2 | s attempts=2 first_sent_at=-P-75
            its patience is another one's  | none                    | i tried=2 version=2 | s attempts=2 first_sent_at=-P-20
            it is asked for the first time | none                    | i tried=2 | s attempts=1 first_sent_at=-900
            it was answered                | none                    | i tried=2 | s status=SUCCEEDED attempts=2 first_sent_at=-1500
            a question asked again         | WAITING_PERSON_OVERDUE 75| i tried=2 | s step=sign attempts=2 first_sent_at=-675
            errors without end             | HOT_RETRY 675           | i tried=2 | s attempts=2 first_sent_at=-675 error=no
            the third attempt              | HOT_RETRY 100           | i tried=3 | s attempts=3 first_sent_at=-100
            the second attempt             | none                    | i tried=2 | s attempts=2 first_sent_at=-100
            the third, waiting its turn    | none                    | i tried=3 | s attempts=3 first_sent_at=-100 held_for=vans held_since=-10
            it waits its turn              | REPLY_OVERDUE 75        | s status=PENDING held_for=vans held_since=-675
            it has a minute to get it      | none                    | s status=PENDING held_for=vans held_since=-620
            its turn, of what is not noted | REPLY_OVERDUE 75        | s step=new status=PENDING held_for=vans held_since=-P-75
            its turn, with time left       | none                    | s step=new status=PENDING held_for=vans held_since=-P-20
            an operator holds them all     | none                    | s status=PENDING held_for=mail held_since=-675
            it waits its turn, and held    | none                    | i pause_reason=wait | s status=PENDING held_for=vans held_since=-675
            it turned back meanwhile       | none                    | i phase=COMPENSATING | s status=PENDING held_for=vans held_since=-675
            """;

    private static final String RANKS = """
            version before key             | NO_HANDLER_VERSION 600  | i version=3 | k since=-900
            key before timer               | OUTBOX_BLOCKED 100      | i due_at=-900 | s due_at=-900 | k since=-100
            outbox before timer            | OUTBOX_BLOCKED 90       | i due_at=-900 | s due_at=-900 | o bucket=0 xid=2000 created_at=-90
            timer before quarantine        | NO_LIVE_OWNER 100       | i due_at=-100 | s due_at=-100 first_sent_at=-950 | q quarantined_at=-900
            tries in vain before quarantine| NO_LIVE_OWNER 30        | i due_failures=3 | s due_at=-30 first_sent_at=-950 | q quarantined_at=-900
            quarantine before deadline     | QUARANTINED_MESSAGE 100 | i overdue=true deadline_at=-900 | s first_sent_at=-950 | q quarantined_at=-100
            deadline before person         | DEADLINE_BREACHED 100   | i overdue=true deadline_at=-100 | s step=sign sla_at=-900
            person before reply            | WAITING_PERSON_OVERDUE 5| i tried=2 | s attempts=2 first_sent_at=-1500 | s step=sign sla_at=-5
            question before reply          | WAITING_PERSON_OVERDUE 75| i tried=2 | s attempts=2 first_sent_at=-1500 | s step=sign attempts=2 first_sent_at=-675
            question before turn           | WAITING_PERSON_OVERDUE 75| i tried=2 | s status=PENDING held_for=vans held_since=-1500 | s step=sign attempts=2 first_sent_at=-675
            reply before heat              | REPLY_OVERDUE 75        | i tried=2 | s attempts=2 first_sent_at=-675 | s step=new attempts=3 first_sent_at=-5000 error=no
            turn before heat               | REPLY_OVERDUE 75        | i tried=3 | s status=PENDING held_for=vans held_since=-675 | s step=new attempts=3 first_sent_at=-5000 error=no
            """;

    /** Seconds that the test does not take. */
    private static final int FUTURE = 200;

    private static Depot depot;
    private static StuckInbox inbox;
    private static StuckRows rows;
    private static Map<UUID, StuckSaga> listed;

    @BeforeAll
    static void write() {
        depot = new Depot();
        inbox = new StuckInbox(depot.reads(), StuckAllowances.DEFAULT);
        rows = new StuckRows(depot.jdbc);
        rows.world();
        lines().forEach(rows::write);
        listed = inbox.page(StuckQuery.all().page(null, 500)).sagas().stream()
                .collect(Collectors.toMap(StuckSaga::sagaId, saga -> saga));
    }

    @AfterAll
    static void close() {
        depot.close();
    }

    static Stream<Line> lines() {
        return Stream.of(STUCK, VERSIONS, MESSAGES, TIMERS, STEPS, RANKS).flatMap(StuckRows::lines);
    }

    @ParameterizedTest
    @MethodSource("lines")
    void each_line_is_told_as_it_says(Line line) {
        StuckSaga saga = listed.get(line.id());
        String told = saga == null ? "none" : told(saga.reason(), saga.since());

        assertThat(told).isEqualTo(line.expected());
        assertThat(inbox.verdict(line.id())
                        .map(verdict -> told(verdict.reason(), verdict.since()))
                        .orElse("none"))
                .as("asked for alone")
                .isEqualTo(told);
    }

    private static String told(StuckReason reason, Instant since) {
        long seconds = Duration.between(since, rows.now()).toSeconds();
        String ago = seconds > 0 ? String.valueOf(seconds) : seconds > -FUTURE ? "now" : "later";
        return reason + " " + ago;
    }
}
