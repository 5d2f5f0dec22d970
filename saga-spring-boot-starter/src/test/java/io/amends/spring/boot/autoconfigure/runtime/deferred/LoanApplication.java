package io.amends.spring.boot.autoconfigure.runtime.deferred;

import io.amends.runtime.DeferredReplies;
import io.amends.saga.Command;
import io.amends.saga.CommandHandler;
import io.amends.saga.Compensation;
import io.amends.saga.Deferred;
import io.amends.saga.Rejection;
import io.amends.saga.Reply;
import io.amends.saga.ReplyToken;
import io.amends.saga.Retry;
import io.amends.saga.Saga;
import io.amends.saga.SagaParticipant;
import io.amends.saga.SagaStep;
import io.amends.saga.StepKind;
import io.amends.saga.Success;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.jdbc.core.JdbcTemplate;

/** A bank whose loans need a clerk's word; the clerk takes longer than a reply usually may. */
@SpringBootApplication
public class LoanApplication {

    public record Loan(String id) {}

    public record OpenFile(String loanId) implements Command<FileOpened> {}

    public record FileOpened() implements Success {}

    public record CloseFile(String loanId) implements Command<FileClosed> {}

    public record FileClosed() implements Success {}

    public record AskClerk(String loanId) implements Command<ClerkReply> {}

    public sealed interface ClerkReply extends Reply {}

    public record Granted() implements ClerkReply, Success {}

    public record Refused(String why) implements ClerkReply, Rejection {}

    @Saga(name = "loan")
    static class LoanSaga {
        @SagaStep(order = 1, name = "open-file", participant = "archive")
        OpenFile open(Loan loan) {
            return new OpenFile(loan.id());
        }

        @Compensation(of = "open-file")
        CloseFile close(Loan loan) {
            return new CloseFile(loan.id());
        }

        @SagaStep(
                order = 2,
                name = "ask-clerk",
                kind = StepKind.PIVOT,
                participant = "clerks",
                timeout = "200ms",
                retry = @Retry(attempts = 1_000))
        AskClerk ask(Loan loan) {
            return new AskClerk(loan.id());
        }
    }

    @SagaParticipant("archive")
    static class Archive {
        @CommandHandler
        FileOpened on(OpenFile command) {
            return new FileOpened();
        }

        @CommandHandler
        FileClosed on(CloseFile command) {
            return new FileClosed();
        }
    }

    /** Could answer by itself what it deferred, to show that this makes no circle. */
    @SagaParticipant("clerks")
    static class Clerks {
        private final JdbcTemplate jdbc;

        Clerks(JdbcTemplate jdbc, DeferredReplies replies) {
            this.jdbc = jdbc;
        }

        @CommandHandler
        Deferred<ClerkReply> on(AskClerk command, ReplyToken token) {
            jdbc.update("insert into question (loan_id, token) values (?, ?)", command.loanId(), token.value());
            return Deferred.later();
        }
    }
}
