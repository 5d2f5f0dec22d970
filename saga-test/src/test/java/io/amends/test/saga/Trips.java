package io.amends.test.saga;

import io.amends.saga.Command;
import io.amends.saga.Compensation;
import io.amends.saga.Escalation;
import io.amends.saga.OnCompensating;
import io.amends.saga.OnCompleted;
import io.amends.saga.OnReply;
import io.amends.saga.Rejection;
import io.amends.saga.Reply;
import io.amends.saga.Retry;
import io.amends.saga.Saga;
import io.amends.saga.SagaStep;
import io.amends.saga.Signal;
import io.amends.saga.StepKind;
import io.amends.saga.Success;
import java.util.ArrayList;
import java.util.List;

/** The sagas that the tester's own tests talk to. */
final class Trips {

    private Trips() {}

    record Trip(String guest, String room) {

        Trip inRoom(String number) {
            return new Trip(guest, number);
        }
    }

    record Book(String what) implements Command<BookReply> {}

    sealed interface BookReply extends Reply {}

    record Booked(String number) implements BookReply, Success {}

    record SoldOut() implements BookReply, Rejection {}

    record Cancel(String what) implements Command<Cancelled> {}

    record Cancelled() implements Success {}

    record SendTickets(String guest) implements Command<Sent> {}

    record Sent() implements Success {}

    sealed interface Decision extends Reply {}

    record Approved() implements Decision, Success {}

    record Refused() implements Decision, Rejection {}

    /** So nobody can know all words. */
    non-sealed interface OddWord extends Decision {}

    /** Forgets to be a {@link Rejection}. */
    record Postponed() implements OddWord {}

    interface PackReply extends Reply {}

    record Packed() implements PackReply, Success {}

    /** Likewise. */
    record TooMuch() implements PackReply {}

    record Pack(String what) implements Command<PackReply> {}

    /** Contracts that are not sealed. */
    @Saga(name = "odd")
    static class OddSaga {

        final PackReply answer;

        OddSaga(PackReply answer) {
            this.answer = answer;
        }

        @SagaStep(order = 1, name = "weigh", retry = @Retry(attempts = 3))
        PackReply weigh(Trip trip) {
            return answer;
        }

        @Compensation(of = "weigh")
        void unweigh(Trip trip) {}

        @SagaStep(order = 2, name = "pack", participant = "porter", kind = StepKind.PIVOT)
        Pack pack(Trip trip) {
            return new Pack("bag");
        }
    }

    /** Everything in a row: a remote step, a signal, a local step, a pivot, a retriable step. */
    @Saga(name = "trip", deadline = "1h")
    static class TripSaga {

        final List<String> diary = new ArrayList<>();
        int troubles;
        boolean printerIsOnFire;

        @SagaStep(order = 1, name = "hotel", participant = "grand", timeout = "30s", retry = @Retry(attempts = 3))
        Book hotel(Trip trip) {
            return new Book("room for " + trip.guest());
        }

        @OnReply(to = "hotel")
        Trip booked(Trip trip, Booked reply) {
            return trip.inRoom(reply.number());
        }

        @Compensation(of = "hotel", participant = "grand")
        Cancel cancelHotel(Trip trip) {
            return new Cancel(trip.room());
        }

        @SagaStep(order = 2, name = "approval", timeout = "20m")
        Signal<Decision> approval(Trip trip) {
            return Signal.awaited("boss");
        }

        @SagaStep(
                order = 3,
                name = "quota",
                retry = @Retry(attempts = 3, notAfter = UnsupportedOperationException.class))
        void quota(Trip trip) {
            diary.add("quota");
            if (printerIsOnFire) {
                throw new UnsupportedOperationException("fire");
            }
            if (troubles-- > 0) {
                throw new IllegalStateException("no paper");
            }
        }

        @Compensation(of = "quota")
        void quotaBack(Trip trip) {
            diary.add("quota back");
        }

        @SagaStep(order = 4, name = "flight", participant = "airline", kind = StepKind.PIVOT)
        Book flight(Trip trip) {
            return new Book("seat");
        }

        @SagaStep(
                order = 5,
                name = "tickets",
                participant = "post",
                kind = StepKind.RETRIABLE,
                onExhausted = Escalation.ALERT_ONLY,
                retry = @Retry(attempts = 2))
        SendTickets tickets(Trip trip) {
            return new SendTickets(trip.guest());
        }

        @OnCompleted
        void completed(Trip trip) {
            diary.add("completed");
            if (trip.guest().equals("jinx")) {
                throw new IllegalStateException("bad luck");
            }
        }

        @OnCompensating
        void compensating(Trip trip) {
            diary.add("compensating");
        }
    }
}
