package io.amends.databases;

import com.zaxxer.hikari.HikariDataSource;
import io.amends.outbox.Outbox;
import io.amends.outbox.OutboxMessage;
import io.amends.outbox.inbox.IdempotentListener;
import io.amends.saga.Command;
import io.amends.saga.CommandHandler;
import io.amends.saga.OnCompleted;
import io.amends.saga.Rejection;
import io.amends.saga.Reply;
import io.amends.saga.Saga;
import io.amends.saga.SagaParticipant;
import io.amends.saga.SagaStep;
import io.amends.saga.StepKind;
import io.amends.saga.Success;
import io.amends.spring.boot.autoconfigure.SagaDataSource;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.stereotype.Component;

/** A library: its catalogue is in the database that Spring Boot sets up, and what is lent, by sagas, in one of its own. */
@SpringBootApplication
public class LibraryApplication {

    /** Where the library tells what was lent. */
    static final String LENT = "library.lent";

    @Bean(defaultCandidate = false)
    @SagaDataSource
    @ConfigurationProperties("loans.datasource")
    HikariDataSource loansDataSource() {
        return new HikariDataSource();
    }

    @Bean(defaultCandidate = false)
    @SagaDataSource
    JdbcTransactionManager loansTransactions(@SagaDataSource DataSource loans) {
        return new JdbcTransactionManager(loans);
    }

    @Bean(defaultCandidate = false)
    @SagaDataSource
    JdbcClient loansJdbc(@SagaDataSource DataSource loans) {
        return JdbcClient.create(loans);
    }

    /** Whoever borrows the book; the reading room's are not lent. */
    public record Loan(String book, String reader) {}

    public record Lend(String book, String reader) implements Command<LendReply> {}

    public sealed interface LendReply extends Reply {}

    public record Lent() implements LendReply, Success {}

    public record NotLent() implements LendReply, Rejection {}

    /** The saga. */
    @Saga(name = "loan", deadline = "10m")
    static class LoanSaga {
        private final Outbox outbox;

        LoanSaga(Outbox outbox) {
            this.outbox = outbox;
        }

        @SagaStep(order = 1, name = "lend", participant = "desk", kind = StepKind.PIVOT)
        Lend lend(Loan loan) {
            return new Lend(loan.book(), loan.reader());
        }

        @OnCompleted
        void completed(Loan loan) {
            byte[] book = loan.book().getBytes(StandardCharsets.UTF_8);
            outbox.append(new OutboxMessage(UUID.randomUUID(), LENT, loan.reader(), "lent", book, Map.of()));
        }
    }

    /** The participant. */
    @SagaParticipant("desk")
    static class Desk {
        private final JdbcClient loans;

        Desk(@SagaDataSource JdbcClient loans) {
            this.loans = loans;
        }

        @CommandHandler
        LendReply on(Lend command) {
            loans.sql("insert into loan (book, reader) values (?, ?)")
                    .params(command.book(), command.reader())
                    .update();
            return command.book().startsWith("reading room:") ? new NotLent() : new Lent();
        }
    }

    /** Hears of what was lent. */
    @Component
    static class Bell {
        private final JdbcClient loans;

        Bell(@SagaDataSource JdbcClient loans) {
            this.loans = loans;
        }

        @IdempotentListener(consumer = "bell", topics = LENT)
        void on(String book) {
            loans.sql("insert into rung (book) values (?)").params(book).update();
        }
    }
}
