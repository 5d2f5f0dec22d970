package io.amends.saga.engine;

import io.amends.saga.definition.SagaDefinition;
import io.amends.saga.engine.Conversation.Book;
import io.amends.saga.engine.Conversation.Booked;
import io.amends.saga.engine.Conversation.Cancel;
import io.amends.saga.engine.Conversation.Send;
import io.amends.saga.engine.Conversation.SoldOut;
import io.amends.saga.engine.Conversation.Trip;

/** The definitions that the engine's tests talk about. */
final class TripSagas {

    private TripSagas() {}

    /** Two compensatable steps, a pivot, a retriable one. */
    static SagaDefinition trip() {
        return SagaDefinition.named("trip")
                .data(Trip.class)
                .step("hotel", "grand", Book.class, trip -> new Book("room"))
                .compensatedBy("grand", Cancel.class, trip -> new Cancel("room"))
                .onReply(Booked.class, (trip, reply) -> trip.note("room " + reply.number()))
                .onReply(SoldOut.class, (trip, reply) -> trip.note("no " + reply.what()))
                .step("insurance", "lloyd", Book.class, trip -> new Book("cover"))
                .compensatedBy("broker", Cancel.class, trip -> new Cancel("cover"))
                .onlyIf(Trip::insured)
                .pivot("flight", "airline", Book.class, trip -> new Book("seat"))
                .retriable("tickets", "post", Send.class, trip -> new Send("tickets"))
                .build();
    }

    /** Local steps of every kind around a remote one. */
    static SagaDefinition local() {
        return SagaDefinition.named("local")
                .data(Trip.class)
                .localStep("quota", trip -> trip)
                .compensatedLocallyBy(trip -> trip)
                .step("hotel", "grand", Book.class, trip -> new Book("room"))
                .compensatedBy("grand", Cancel.class, trip -> new Cancel("room"))
                .localPivot("invoice", trip -> trip)
                .retriableLocalStep("archive", trip -> trip)
                .build();
    }

    /** Three bookings at once behind one that comes first. */
    static SagaDefinition parallel() {
        return SagaDefinition.named("parallel")
                .data(Trip.class)
                .step("visa", "consul", Book.class, trip -> new Book("visa"))
                .compensatedBy("consul", Cancel.class, trip -> new Cancel("visa"))
                .step("car", "rental", Book.class, trip -> new Book("car"))
                .compensatedBy("rental", Cancel.class, trip -> new Cancel("car"))
                .alongside()
                .step("flight", "airline", Book.class, trip -> new Book("seat"))
                .compensatedBy("airline", Cancel.class, trip -> new Cancel("seat"))
                .alongside()
                .step("hotel", "grand", Book.class, trip -> new Book("room"))
                .compensatedBy("grand", Cancel.class, trip -> new Cancel("room"))
                .pivot("pay", "bank", Book.class, trip -> new Book("payment"))
                .retriable("mail", "post", Send.class, trip -> new Send("tickets"))
                .alongside()
                .retriable("text", "telco", Send.class, trip -> new Send("message"))
                .build();
    }
}
