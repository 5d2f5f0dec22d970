package io.amends.spring.boot.autoconfigure.refused;

import io.amends.saga.Command;
import io.amends.saga.CommandHandler;
import io.amends.saga.Compensation;
import io.amends.saga.MessageType;
import io.amends.saga.Rejection;
import io.amends.saga.Reply;
import io.amends.saga.Saga;
import io.amends.saga.SagaParticipant;
import io.amends.saga.SagaStep;
import io.amends.saga.StepKind;
import io.amends.saga.Success;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * A hotel that says no where nobody thought it would: to a bill, which must be sent once the visit is confirmed, and to
 * giving a room back. Its idea of a bill is newer than the saga's, which knows of no rejection.
 */
@SpringBootApplication
public class VisitApplication {

    record Visit(String id, boolean welcome) {}

    record Reserve(String id) implements Command<Reserved> {}

    record Reserved() implements Success {}

    record Release(String id) implements Command<ReleaseReply> {}

    sealed interface ReleaseReply extends Reply {}

    record Released() implements ReleaseReply, Success {}

    record StillOccupied() implements ReleaseReply, Rejection {}

    record Confirm(String id, boolean welcome) implements Command<ConfirmReply> {}

    sealed interface ConfirmReply extends Reply {}

    record Confirmed() implements ConfirmReply, Success {}

    record Declined() implements ConfirmReply, Rejection {}

    record SendBill(String id) implements Command<BillReply> {}

    interface BillReply extends Success {}

    /** The same command as the hotel knows it. */
    @MessageType("send-bill")
    record SendBillOrNot(String id) implements Command<SendBillReply> {}

    sealed interface SendBillReply extends Reply {}

    record BillSent() implements SendBillReply, Success {}

    record NoAddress() implements SendBillReply, Rejection {}

    @Saga(name = "visit")
    static class VisitSaga {

        @SagaStep(order = 1, name = "reserve", participant = "hotel")
        Reserve reserve(Visit visit) {
            return new Reserve(visit.id());
        }

        @Compensation(of = "reserve")
        Release release(Visit visit) {
            return new Release(visit.id());
        }

        @SagaStep(order = 2, name = "confirm", kind = StepKind.PIVOT, participant = "hotel")
        Confirm confirm(Visit visit) {
            return new Confirm(visit.id(), visit.welcome());
        }

        @SagaStep(order = 3, name = "bill", kind = StepKind.RETRIABLE, participant = "hotel")
        SendBill bill(Visit visit) {
            return new SendBill(visit.id());
        }
    }

    @SagaParticipant("hotel")
    static class Hotel {

        private final JdbcClient jdbc;
        private final List<String> calls = new CopyOnWriteArrayList<>();
        private volatile boolean refuses = true;

        Hotel(JdbcClient jdbc) {
            this.jdbc = jdbc;
        }

        void giveIn() {
            refuses = false;
        }

        /** Which command of which visit its handlers were called for. */
        List<String> calls() {
            return List.copyOf(calls);
        }

        @CommandHandler
        Reserved on(Reserve command) {
            return new Reserved();
        }

        @CommandHandler
        ReleaseReply on(Release command) {
            return does("release", command.id()) ? new Released() : new StillOccupied();
        }

        @CommandHandler
        ConfirmReply on(Confirm command) {
            return command.welcome() ? new Confirmed() : new Declined();
        }

        @CommandHandler
        SendBillReply on(SendBillOrNot command) {
            return does("bill", command.id()) ? new BillSent() : new NoAddress();
        }

        private boolean does(String what, String id) {
            calls.add(what + " " + id);
            jdbc.sql("insert into done (what, id) values (?, ?)")
                    .params(what, id)
                    .update();
            return !refuses;
        }
    }
}
