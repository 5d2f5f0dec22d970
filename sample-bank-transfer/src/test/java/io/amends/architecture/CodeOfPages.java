package io.amends.architecture;

import io.amends.dashboard.alerts.SagaGotStuck;
import io.amends.dashboard.audit.AuditLog;
import io.amends.dashboard.audit.Operator;
import io.amends.dashboard.database.BoundedReads;
import io.amends.dashboard.instance.SagaInspection;
import io.amends.dashboard.login.ConsoleLogin;
import io.amends.dashboard.search.SagaFilter;
import io.amends.dashboard.search.SagaFinder;
import io.amends.dashboard.stuck.StuckAllowances;
import io.amends.dashboard.stuck.StuckInbox;
import io.amends.dashboard.stuck.StuckQuery;
import io.amends.dashboard.stuck.StuckReason;
import io.amends.dashboard.verbs.ConsoleVerb;
import io.amends.dashboard.verbs.ConsoleVerbs;
import io.amends.dashboard.verbs.VerbOrder;
import io.amends.runtime.flow.SagaFlow;
import io.amends.runtime.flow.SagaFlow.Order;
import io.amends.runtime.isolation.LockMode;
import io.amends.runtime.isolation.LockName;
import io.amends.runtime.isolation.LockResult;
import io.amends.runtime.isolation.SemanticLocks;
import io.amends.runtime.orchestrator.Orchestration;
import io.amends.runtime.wire.PayloadCodec;
import io.amends.saga.Command;
import io.amends.saga.CommandHandler;
import io.amends.saga.Rejection;
import io.amends.saga.Reply;
import io.amends.saga.Success;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import javax.sql.DataSource;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.event.EventListener;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.security.config.Customizer;
import org.springframework.transaction.PlatformTransactionManager;

/** Short pieces of code of the pages, so that the compiler sees them; {@link DocsTest} compares. Nothing runs them. */
final class CodeOfPages {

    private CodeOfPages() {}

    /** docs/flow-control.md. */
    static void flow(SagaFlow flow) {
        flow.hold("payments", new Order("ann", "maintenance until ten"));
        flow.release("payments", new Order("ann", "done"));
        flow.set("saga.flow.participant-limits.payments", "50", new Order("ann", "their new server is slow"));
        flow.reset("saga.flow.participant-limits.payments", new Order("ann", "fixed"));
    }

    /** docs/repairing-sagas.md. */
    static void repair(
            JdbcTemplate jdbc,
            ApplicationEventPublisher events,
            Orchestration orchestration,
            PayloadCodec codec,
            PlatformTransactionManager transactions,
            UUID sagaId,
            long seenRevision,
            String idempotencyKey) {
        AuditLog audit = new AuditLog(jdbc, events::publishEvent);
        ConsoleVerbs verbs = new ConsoleVerbs(
                orchestration.operations(),
                orchestration.registry(),
                codec,
                jdbc,
                transactions,
                audit,
                Set.of("resolve", "skip"));
        verbs.carryOut(new VerbOrder(
                sagaId,
                new ConsoleVerb.Retry(),
                new Operator("ann", "192.0.2.7"),
                "the bank is back",
                seenRevision,
                idempotencyKey));
    }

    /** docs/stuck-sagas.md. */
    static void stuck(DataSource dataSource, UUID sagaId) {
        BoundedReads reads = new BoundedReads(dataSource, Duration.ofSeconds(2));
        StuckInbox inbox = new StuckInbox(reads, StuckAllowances.DEFAULT);
        inbox.counts().byReason();
        inbox.page(StuckQuery.all().because(StuckReason.REPLY_OVERDUE)).sagas();
        new SagaInspection(reads, StuckAllowances.DEFAULT).of(sagaId);
        new SagaFinder(reads, StuckAllowances.DEFAULT).find(SagaFilter.parse("saga:money-transfer older:5m"), null, 50);
    }

    /** Whoever is called at night. */
    interface Pager {
        void page(Enum<?> severity, String text);
    }

    /** docs/observability.md. */
    record Alarm(Pager pager) {
        @EventListener
        void stuck(SagaGotStuck alert) {
            pager.page(
                    alert.reason().severity(),
                    alert.saga() + " " + alert.key() + ": " + alert.reason().sentence());
        }
    }

    record ReserveSeat(String seat) implements Command<ReserveSeatReply> {}

    sealed interface ReserveSeatReply extends Reply {}

    record SeatReserved() implements ReserveSeatReply, Success {}

    record SeatTaken(String seat) implements ReserveSeatReply, Rejection {}

    record ReleaseSeat(String seat) implements Command<SeatReleased> {}

    record SeatReleased() implements Success {}

    /** docs/isolation.md. */
    record Seats(SemanticLocks locks) {
        @CommandHandler
        ReserveSeatReply on(ReserveSeat command) {
            LockName seat = LockName.of("seat", command.seat());
            if (locks.acquire(seat, LockMode.queueUpTo(Duration.ofSeconds(20))) instanceof LockResult.Refused) {
                return new SeatTaken(command.seat());
            }
            return new SeatReserved();
        }

        @CommandHandler
        SeatReleased on(ReleaseSeat command) {
            locks.release(LockName.of("seat", command.seat()));
            return new SeatReleased();
        }
    }

    /** docs/console.md. */
    static final class ConsoleBeans {
        @Bean
        ConsoleLogin consoleLogin() {
            return http -> http.httpBasic(Customizer.withDefaults());
        }

        @Bean
        BoundedReads replicaReads(@Qualifier("replica") DataSource replica) {
            return new BoundedReads(replica, Duration.ofSeconds(2));
        }
    }
}
