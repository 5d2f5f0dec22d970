package io.amends.dashboard.bulk;

import io.amends.dashboard.Deliveries.Collected;
import io.amends.dashboard.Depot.Sent;
import io.amends.dashboard.Office;
import io.amends.dashboard.audit.AuditQuery;
import io.amends.dashboard.search.SagaFilter;
import io.amends.dashboard.stuck.StuckAllowances;
import io.amends.dashboard.verbs.ConsoleVerb;
import io.amends.dashboard.verbs.ConsoleVerbs;
import io.amends.runtime.SagaOperations;
import io.amends.runtime.wire.InboundRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** Runs over stuck sagas, carried out by workers that the test moves; the test is the participants too. */
abstract class BulkFixture {

    static final SagaFilter STUCK = SagaFilter.parse("saga:delivery phase:STUCK");
    static final Duration LONG = Duration.ofMinutes(10);

    static Office office;

    final BulkRuns runs = runs(office.verbs, false);
    final BulkForecast forecast = new BulkForecast(office.depot.reads(), StuckAllowances.DEFAULT, office.foresight);

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
    }

    static BulkRuns runs(ConsoleVerbs verbs, boolean fourEyes) {
        return new BulkRuns(
                office.jdbc,
                office.transactions,
                office.depot.reads(),
                StuckAllowances.DEFAULT,
                verbs,
                office.log,
                UUID::randomUUID,
                fourEyes);
    }

    static BulkWorker worker(String owner, SagaOperations operations, Duration lease) {
        return new BulkWorker(
                owner,
                office.verbs(operations, Set.of()),
                office.outcomes,
                office.log,
                new BulkTable(office.jdbc, lease),
                office.transactions,
                Duration.ZERO);
    }

    static BulkWorker worker(String owner) {
        return worker(owner, office.orchestration.operations(), LONG);
    }

    /** So many sagas that are stuck. */
    static List<UUID> stuck(int number) {
        List<UUID> ids = IntStream.range(0, number)
                .mapToObj(i -> office.stuck("parcel-" + i))
                .toList();
        office.depot.take();
        return ids;
    }

    static BulkOrder order(List<Integer> ramp, double perSecond, double stopRatio, Duration patience) {
        return new BulkOrder(
                new ConsoleVerb.Retry(),
                STUCK,
                Office.ANN,
                "the vans are back",
                ramp,
                perSecond,
                stopRatio,
                1000,
                patience);
    }

    /** A run that began, as fast as it can. */
    BulkRun started(List<Integer> ramp, double stopRatio) {
        return runs.start(runs.plan(order(ramp, 1000, stopRatio, LONG)).id(), Office.ANN);
    }

    BulkRun run(UUID id) {
        return runs.find(id).orElseThrow();
    }

    /** Looks until a look gives nothing more; returns how many orders were given. */
    static int look(BulkWorker worker) {
        int all = 0;
        int quiet = 0;
        while (quiet < 3) {
            // What a limit per second held back is given by one of the next looks.
            office.jdbc.update("update saga_bulk_run set next_at = clock_timestamp() where per_second = 1000");
            int given = worker.look();
            all += given;
            quiet = given == 0 ? quiet + 1 : 0;
        }
        return all;
    }

    /** Takes all commands, and the vans answer them. */
    static List<Sent> answerAll(String van) {
        List<Sent> sent = office.depot.take();
        List<InboundRecord> replies = new ArrayList<>();
        sent.stream()
                .filter(command -> command.type().equals("collect"))
                .forEach(command -> replies.add(office.depot.reply(command, new Collected(van))));
        if (!replies.isEmpty()) {
            office.orchestration.replies().process(replies);
        }
        return sent;
    }

    /** How many orders to sagas the run's lines tell of. */
    static Map<String, Object> orders(UUID runId) {
        return office.row("""
                select count(*) as lines, count(distinct saga_id) as sagas from saga_console_action
                 where run_id = ? and verb = 'retry' and result = 'DONE'""", runId);
    }

    static List<String> notes(UUID runId) {
        return office.trail.page(AuditQuery.ALL.run(runId), null, 1000).lines().stream()
                .filter(line -> line.entry().subject().sagaId() == null)
                .map(line -> line.entry().operator().name() + " " + line.entry().verb())
                .toList();
    }
}
