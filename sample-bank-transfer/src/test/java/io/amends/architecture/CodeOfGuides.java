package io.amends.architecture;

import io.amends.outbox.Outbox;
import io.amends.outbox.OutboxMessage;
import io.amends.runtime.DeferredReplies;
import io.amends.runtime.Sagas;
import io.amends.saga.AddressedCommand;
import io.amends.saga.Command;
import io.amends.saga.CommandHandler;
import io.amends.saga.Commands;
import io.amends.saga.Compensation;
import io.amends.saga.Deferred;
import io.amends.saga.Escalation;
import io.amends.saga.MessageType;
import io.amends.saga.MigratesData;
import io.amends.saga.OnStuck;
import io.amends.saga.Rejection;
import io.amends.saga.Reply;
import io.amends.saga.ReplyToken;
import io.amends.saga.Retry;
import io.amends.saga.Saga;
import io.amends.saga.SagaKey;
import io.amends.saga.SagaParticipant;
import io.amends.saga.SagaStep;
import io.amends.saga.Signal;
import io.amends.saga.StepKind;
import io.amends.saga.Success;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.annotation.Transactional;

/** Pieces of code of docs/guides and docs/migration, so that the compiler sees them; {@link DocsTest} compares. */
final class CodeOfGuides {

    private CodeOfGuides() {}

    /** A trip's data. */
    record Trip(String id, String airline, boolean withHotel, long cents) {}

    record BookFlight(String tripId) implements Command<FlightReply> {}

    sealed interface FlightReply extends Reply {}

    record FlightBooked(String ticket) implements FlightReply, Success {}

    record NoSeats() implements FlightReply, Rejection {}

    record CancelFlight(String tripId) implements Command<FlightCancelled> {}

    record FlightCancelled() implements Success {}

    record BookHotel(String tripId) implements Command<HotelBooked> {}

    record HotelBooked() implements Success {}

    record CancelHotel(String tripId) implements Command<HotelCancelled> {}

    record HotelCancelled() implements Success {}

    sealed interface Approval extends Reply {}

    record Approved() implements Approval, Success {}

    record Declined(String why) implements Approval, Rejection {}

    @MessageType("travel.send-invoice")
    record SendInvoice(String tripId, long cents) implements Command<InvoiceSent> {}

    record InvoiceSent() implements Success {}

    /** docs/guides/retries-and-deadlines.md. */
    @Saga(name = "trip", version = 3, deadline = "2h", onDeadline = Escalation.COMPENSATE)
    static class TripSaga {

        private final Pager pager;

        TripSaga(Pager pager) {
            this.pager = pager;
        }

        @SagaStep(
                order = 1,
                name = "book-flight",
                timeout = "20s",
                retry = @Retry(attempts = 5, backoff = "2s", backoffMax = "30s", within = "5m"))
        AddressedCommand<BookFlight> flight(Trip trip) {
            return Commands.to(trip.airline(), new BookFlight(trip.id()));
        }

        @Compensation(of = "book-flight", retry = @Retry(attempts = 100, backoffMax = "10m"))
        AddressedCommand<CancelFlight> cancelFlight(Trip trip) {
            return Commands.to(trip.airline(), new CancelFlight(trip.id()));
        }

        @SagaStep(order = 1, name = "book-hotel", participant = "hotels")
        Optional<BookHotel> hotel(Trip trip) {
            return trip.withHotel() ? Optional.of(new BookHotel(trip.id())) : Optional.empty();
        }

        @Compensation(of = "book-hotel")
        CancelHotel cancelHotel(Trip trip) {
            return new CancelHotel(trip.id());
        }

        @SagaStep(order = 2, name = "approve", kind = StepKind.PIVOT, timeout = "1d", sla = "2h")
        Signal<Approval> approve(Trip trip) {
            return Signal.awaited("approval");
        }

        @SagaStep(
                order = 3,
                name = "invoice",
                kind = StepKind.RETRIABLE,
                participant = "billing",
                onExhausted = Escalation.ALERT_ONLY)
        SendInvoice invoice(Trip trip) {
            return new SendInvoice(trip.id(), trip.cents());
        }

        @OnStuck
        void stuck(Trip trip) {
            pager.page("trip " + trip.id() + " is stuck");
        }
    }

    /** Whoever is called at night. */
    interface Pager {
        void page(String text);
    }

    /** docs/guides/participants.md. */
    record Hotels(JdbcClient jdbc, Outbox outbox, HotelNews news) {

        @CommandHandler
        HotelBooked on(BookHotel command) {
            jdbc.sql("insert into booking (trip_id) values (?)")
                    .param(command.tripId())
                    .update();
            outbox.append(news.booked(command.tripId()));
            return new HotelBooked();
        }
    }

    /** Makes the message that others are told with. */
    interface HotelNews {
        OutboxMessage booked(String tripId);
    }

    /** docs/guides/participants.md. */
    @SagaParticipant("airline-x")
    static class Airline {

        private final AirlineApi api;

        Airline(AirlineApi api) {
            this.api = api;
        }

        @CommandHandler(notAfter = AirlineApi.UnknownTrip.class)
        FlightReply on(BookFlight command) {
            return api.book(command.tripId())
                    .<FlightReply>map(FlightBooked::new)
                    .orElseGet(NoSeats::new);
        }

        @CommandHandler
        FlightCancelled on(CancelFlight command) {
            api.cancel(command.tripId());
            return new FlightCancelled();
        }
    }

    /** Another company's system. */
    interface AirlineApi {

        /** It has no such trip. */
        final class UnknownTrip extends RuntimeException {
            private static final long serialVersionUID = 1L;
        }

        Optional<String> book(String idempotencyKey);

        void cancel(String idempotencyKey);
    }

    record AskClerk(String loanId) implements Command<Approval> {}

    /** docs/guides/participants.md. */
    @SagaParticipant("clerks")
    static class Clerks {

        private final JdbcClient jdbc;
        private final DeferredReplies replies;

        Clerks(JdbcClient jdbc, DeferredReplies replies) {
            this.jdbc = jdbc;
            this.replies = replies;
        }

        @CommandHandler
        Deferred<Approval> on(AskClerk command, ReplyToken token) {
            jdbc.sql("insert into open_question (loan_id, token) values (?, ?)")
                    .params(command.loanId(), token.value())
                    .update();
            return Deferred.later();
        }

        @Transactional
        public void decided(String loanId, boolean yes) {
            String token = jdbc.sql("delete from open_question where loan_id = ? returning token")
                    .param(loanId)
                    .query(String.class)
                    .single();
            replies.complete(ReplyToken.of(token), yes ? new Approved() : new Declined("the clerk said no"));
        }
    }

    /** docs/guides/retries-and-deadlines.md. */
    static void word(Sagas sagas, String tripId) {
        boolean awaited = sagas.signal("trip", SagaKey.of(tripId), "approval", new Approved());
        assert awaited;
    }

    record Parcel(String id) {}

    record PackParcel(String id) implements Command<ParcelPacked> {}

    record ParcelPacked() implements Success {}

    record UnpackParcel(String id) implements Command<ParcelUnpacked> {}

    record ParcelUnpacked() implements Success {}

    record HandOver(String id) implements Command<HandedOver> {}

    record HandedOver() implements Success {}

    record WeighParcel(String id) implements Command<ParcelWeighed> {}

    record ParcelWeighed() implements Success {}

    /** docs/guides/versioning-and-rolling-deploys.md: as it was. */
    @Saga(name = "parcel", version = 1)
    static class ParcelSaga {

        @SagaStep(order = 1, name = "pack", participant = "warehouse")
        PackParcel pack(Parcel parcel) {
            return new PackParcel(parcel.id());
        }

        @Compensation(of = "pack")
        UnpackParcel unpack(Parcel parcel) {
            return new UnpackParcel(parcel.id());
        }

        @SagaStep(order = 2, name = "hand-over", kind = StepKind.PIVOT, participant = "carrier")
        HandOver handOver(Parcel parcel) {
            return new HandOver(parcel.id());
        }
    }

    /** docs/guides/versioning-and-rolling-deploys.md: with one step more. */
    @Saga(name = "parcel", version = 2)
    static class ParcelSagaV2 {

        @SagaStep(order = 1, name = "pack", participant = "warehouse")
        PackParcel pack(Parcel parcel) {
            return new PackParcel(parcel.id());
        }

        @Compensation(of = "pack")
        UnpackParcel unpack(Parcel parcel) {
            return new UnpackParcel(parcel.id());
        }

        @SagaStep(order = 2, name = "weigh", kind = StepKind.RETRIABLE, participant = "warehouse")
        WeighParcel weigh(Parcel parcel) {
            return new WeighParcel(parcel.id());
        }

        @SagaStep(order = 3, name = "hand-over", kind = StepKind.PIVOT, participant = "carrier")
        HandOver handOver(Parcel parcel) {
            return new HandOver(parcel.id());
        }
    }

    record AddressedParcel(String id, String address) {}

    /** docs/guides/versioning-and-rolling-deploys.md: with data of another type. */
    @Saga(name = "parcel", version = 2)
    static class AddressedParcelSaga {

        @MigratesData(from = 1)
        AddressedParcel addressed(Parcel parcel) {
            return new AddressedParcel(parcel.id(), "unknown");
        }

        @SagaStep(order = 1, name = "hand-over", kind = StepKind.PIVOT, participant = "carrier")
        HandOver handOver(AddressedParcel parcel) {
            return new HandOver(parcel.id());
        }
    }
}
