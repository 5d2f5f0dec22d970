package io.amends.spring.boot.autoconfigure.outage;

import io.amends.saga.Command;
import io.amends.saga.CommandHandler;
import io.amends.saga.Compensation;
import io.amends.saga.Retry;
import io.amends.saga.Saga;
import io.amends.saga.SagaParticipant;
import io.amends.saga.SagaStep;
import io.amends.saga.StepKind;
import io.amends.saga.Success;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** A saga whose patience is short: without a reply it asks six times in three seconds, then turns back. */
@SpringBootApplication
public class TicketApplication {

    record Ticket(String id) {}

    record Book(String id) implements Command<Booked> {}

    record Cancel(String id) implements Command<Cancelled> {}

    record Print(String id) implements Command<Printed> {}

    record Booked() implements Success {}

    record Cancelled() implements Success {}

    record Printed() implements Success {}

    @Saga(name = "ticket")
    static class TicketSaga {

        @SagaStep(order = 1, name = "book", participant = "box-office", timeout = "500ms", retry = @Retry(attempts = 6))
        Book book(Ticket ticket) {
            return new Book(ticket.id());
        }

        @Compensation(of = "book")
        Cancel cancel(Ticket ticket) {
            return new Cancel(ticket.id());
        }

        @SagaStep(order = 2, name = "print", kind = StepKind.RETRIABLE, participant = "box-office")
        Print print(Ticket ticket) {
            return new Print(ticket.id());
        }
    }

    @SagaParticipant("box-office")
    static class BoxOffice {

        @CommandHandler
        Booked on(Book command) {
            return new Booked();
        }

        @CommandHandler
        Cancelled on(Cancel command) {
            return new Cancelled();
        }

        @CommandHandler
        Printed on(Print command) {
            return new Printed();
        }
    }
}
