package io.amends.jpa;

import io.amends.saga.Command;
import io.amends.saga.CommandHandler;
import io.amends.saga.Compensation;
import io.amends.saga.OnCompensated;
import io.amends.saga.OnCompleted;
import io.amends.saga.Rejection;
import io.amends.saga.Reply;
import io.amends.saga.Saga;
import io.amends.saga.SagaParticipant;
import io.amends.saga.SagaStep;
import io.amends.saga.StepKind;
import io.amends.saga.Success;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.config.EnableJpaRepositories;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** A depot whose saga, participants and hooks write entities, before they know whether they may. */
@SpringBootApplication
@EnableJpaRepositories(considerNestedRepositories = true)
class DepotApplication {

    /** More than ten can't be paid. */
    record Order(String id, int price) {}

    record Reserve(String orderId) implements Command<Reserved> {}

    record Release(String orderId) implements Command<Released> {}

    record Reserved() implements Success {}

    record Released() implements Success {}

    record Pay(String orderId, int price) implements Command<PayReply> {}

    sealed interface PayReply extends Reply {}

    record Paid() implements PayReply, Success {}

    record TooExpensive() implements PayReply, Rejection {}

    /** What was done about an order. */
    @Entity
    static class Note {
        @Id
        String text;

        protected Note() {}

        Note(String text) {
            this.text = text;
        }
    }

    interface Notes extends JpaRepository<Note, String> {}

    @Saga(name = "order", deadline = "10m")
    static class OrderSaga {
        private final Notes notes;

        OrderSaga(Notes notes) {
            this.notes = notes;
        }

        @SagaStep(order = 1, name = "reserve", participant = "warehouse")
        Reserve reserve(Order order) {
            return new Reserve(order.id());
        }

        @Compensation(of = "reserve")
        Release release(Order order) {
            return new Release(order.id());
        }

        @SagaStep(order = 2, name = "pay", kind = StepKind.PIVOT, participant = "bank")
        Pay pay(Order order) {
            return new Pay(order.id(), order.price());
        }

        @OnCompleted
        void completed(Order order) {
            notes.save(new Note("completed " + order.id()));
        }

        @OnCompensated
        void compensated(Order order) {
            notes.save(new Note("compensated " + order.id()));
        }
    }

    @SagaParticipant("warehouse")
    static class Warehouse {
        private final Notes notes;

        Warehouse(Notes notes) {
            this.notes = notes;
        }

        @CommandHandler
        Reserved on(Reserve command) {
            notes.save(new Note("reserved " + command.orderId()));
            return new Reserved();
        }

        @CommandHandler
        Released on(Release command) {
            notes.deleteById("reserved " + command.orderId());
            return new Released();
        }
    }

    /** What a service does: it throws, and Spring marks the transaction. */
    @Service
    static class Till {
        private final Notes notes;

        Till(Notes notes) {
            this.notes = notes;
        }

        @Transactional
        public void charge(String orderId) {
            notes.save(new Note("charged " + orderId));
            throw new IllegalArgumentException("the till is full");
        }
    }

    @SagaParticipant("bank")
    static class Bank {

        /** The price at which the till throws. */
        static final int FULL = 20;

        /** Likewise, at the second attempt; the first one fails. */
        static final int FULL_LATER = 21;

        private final Notes notes;
        private final Till till;
        private final Set<String> tried = ConcurrentHashMap.newKeySet();

        Bank(Notes notes, Till till) {
            this.notes = notes;
            this.till = till;
        }

        @CommandHandler
        PayReply on(Pay command) {
            if (command.price() == FULL_LATER && tried.add(command.orderId())) {
                throw new IllegalStateException("nobody is there");
            }
            if (command.price() >= FULL && command.price() <= FULL_LATER) {
                try {
                    till.charge(command.orderId());
                } catch (IllegalArgumentException full) {
                    return new TooExpensive();
                }
            }
            notes.save(new Note("paid " + command.orderId()));
            return command.price() > 10 ? new TooExpensive() : new Paid();
        }
    }
}
