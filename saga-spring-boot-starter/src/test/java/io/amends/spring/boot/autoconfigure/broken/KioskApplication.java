package io.amends.spring.boot.autoconfigure.broken;

import io.amends.dashboard.database.ConsoleSchema;
import io.amends.outbox.schema.SagaSchema;
import io.amends.saga.Command;
import io.amends.saga.CommandHandler;
import io.amends.saga.Compensation;
import io.amends.saga.Escalation;
import io.amends.saga.Retry;
import io.amends.saga.Saga;
import io.amends.saga.SagaParticipant;
import io.amends.saga.SagaStep;
import io.amends.saga.StepKind;
import io.amends.saga.Success;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;

/**
 * A kiosk whose till can be broken; sales need it, and refunds of bottles do not. Its courier can fall silent: parcels are
 * overdue after seconds then, and letters, which he is asked for again and again too, after an hour.
 */
@SpringBootApplication
public class KioskApplication {

    /** Whether the till works. */
    static final AtomicBoolean BROKEN = new AtomicBoolean();

    /** What the courier waits for before he does anything. */
    static final AtomicReference<CountDownLatch> COURIER = new AtomicReference<>(new CountDownLatch(0));

    record Sale(String id) {}

    record Bottles(String id) {}

    record Parcel(String id) {}

    record Letter(String id) {}

    record Reserve(String id) implements Command<Reserved> {}

    record Release(String id) implements Command<Released> {}

    record Charge(String id) implements Command<Charged> {}

    record TakeBack(String id) implements Command<TakenBack> {}

    record Carry(String id) implements Command<Carried> {}

    record Reserved() implements Success {}

    record Released() implements Success {}

    record Charged() implements Success {}

    record TakenBack() implements Success {}

    record Carried() implements Success {}

    @Saga(name = "sale")
    static class SaleSaga {

        @SagaStep(order = 1, name = "reserve", participant = "shelf")
        Reserve reserve(Sale sale) {
            return new Reserve(sale.id());
        }

        @Compensation(of = "reserve")
        Release release(Sale sale) {
            return new Release(sale.id());
        }

        @SagaStep(
                order = 2,
                name = "charge",
                kind = StepKind.PIVOT,
                participant = "till",
                timeout = "20s",
                retry = @Retry(attempts = 1))
        Charge charge(Sale sale) {
            return new Charge(sale.id());
        }
    }

    @Saga(name = "bottles")
    static class BottlesSaga {

        @SagaStep(order = 1, name = "take-back", kind = StepKind.PIVOT, participant = "shelf")
        TakeBack takeBack(Bottles bottles) {
            return new TakeBack(bottles.id());
        }
    }

    @Saga(name = "parcel")
    static class ParcelSaga {

        @SagaStep(
                order = 1,
                name = "carry",
                kind = StepKind.RETRIABLE,
                participant = "courier",
                timeout = "1s",
                onExhausted = Escalation.ALERT_ONLY,
                retry = @Retry(attempts = 2, backoff = "100ms", backoffMax = "100ms", jitter = false))
        Carry carry(Parcel parcel) {
            return new Carry(parcel.id());
        }
    }

    @Saga(name = "letter")
    static class LetterSaga {

        @SagaStep(
                order = 1,
                name = "carry",
                kind = StepKind.RETRIABLE,
                participant = "courier",
                timeout = "1s",
                onExhausted = Escalation.ALERT_ONLY,
                retry = @Retry(attempts = 3600, backoff = "100ms", backoffMax = "100ms", jitter = false))
        Carry carry(Letter letter) {
            return new Carry(letter.id());
        }
    }

    @SagaParticipant("shelf")
    static class Shelf {

        @CommandHandler
        Reserved on(Reserve command) {
            return new Reserved();
        }

        @CommandHandler
        Released on(Release command) {
            return new Released();
        }

        @CommandHandler
        TakenBack on(TakeBack command) {
            return new TakenBack();
        }
    }

    @SagaParticipant("till")
    static class Till {

        @CommandHandler
        Charged on(Charge command) {
            if (BROKEN.get()) {
                throw new IllegalStateException("the till is broken");
            }
            return new Charged();
        }
    }

    @SagaParticipant("courier")
    static class Courier {

        @CommandHandler
        Carried on(Carry command) {
            try {
                COURIER.get().await();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("the kiosk closes", interrupted);
            }
            return new Carried();
        }
    }

    @Bean
    static SagaSchema.Scripts consoleScripts() {
        return ConsoleSchema.SCRIPTS;
    }
}
