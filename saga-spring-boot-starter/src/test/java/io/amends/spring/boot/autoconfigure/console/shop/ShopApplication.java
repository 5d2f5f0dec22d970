package io.amends.spring.boot.autoconfigure.console.shop;

import io.amends.saga.Command;
import io.amends.saga.CommandHandler;
import io.amends.saga.Compensation;
import io.amends.saga.Masked;
import io.amends.saga.Reply;
import io.amends.saga.Retry;
import io.amends.saga.Saga;
import io.amends.saga.SagaParticipant;
import io.amends.saga.SagaStep;
import io.amends.saga.SearchAttribute;
import io.amends.saga.StepKind;
import io.amends.saga.Success;
import io.amends.saga.definition.SagaDefinition;
import java.util.Optional;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** A shop whose till is out of order: every purchase gets stuck there. */
@SpringBootApplication
public class ShopApplication {

    /** What is bought; most of it is nobody's business. */
    public record Purchase(
            String item, String cardNumber, @Masked String note, Address to) {}

    public record Address(String town, @Masked String street) {}

    record Reserve(String item) implements Command<Done> {}

    record Free(String item) implements Command<Done> {}

    record Charge(String cardNumber, @Masked String amount) implements Command<Done> {}

    record Done(Optional<String> receipt) implements Reply, Success {}

    @Saga(name = "purchase")
    public static class PurchaseSaga {

        @SearchAttribute("item")
        String item(Purchase purchase) {
            return purchase.item();
        }

        @SearchAttribute("town")
        String town(Purchase purchase) {
            return purchase.to().town();
        }

        @SearchAttribute("card")
        String card(Purchase purchase) {
            return purchase.cardNumber();
        }

        @SagaStep(order = 1, name = "reserve", participant = "store")
        Reserve reserve(Purchase purchase) {
            return new Reserve(purchase.item());
        }

        @Compensation(of = "reserve")
        Free free(Purchase purchase) {
            return new Free(purchase.item());
        }

        @SagaStep(
                order = 2,
                name = "charge",
                kind = StepKind.RETRIABLE,
                participant = "till",
                retry = @Retry(attempts = 2, backoff = "1ms", backoffMax = "1ms"))
        Charge charge(Purchase purchase) {
            return new Charge(purchase.cardNumber(), "12 EUR");
        }
    }

    /** The next version, which is here only where a test adds it. It says of each purchase that it is Kiel's. */
    public static SagaDefinition secondPurchase() {
        return SagaDefinition.named("purchase")
                .version(2)
                .data(Purchase.class)
                .searchAttribute("town", purchase -> "Kiel")
                .step("reserve", "store", Reserve.class, purchase -> new Reserve(purchase.item()))
                .compensatedBy("store", Free.class, purchase -> new Free(purchase.item()))
                .retriable("charge", "till", Charge.class, purchase -> new Charge(purchase.cardNumber(), "12 EUR"))
                .build();
    }

    @SagaParticipant("store")
    static class Store {

        @CommandHandler
        Done on(Reserve command) {
            return new Done(Optional.empty());
        }

        @CommandHandler
        Done on(Free command) {
            return new Done(Optional.empty());
        }
    }

    @SagaParticipant("till")
    static class Till {

        @CommandHandler
        Done on(Charge command) {
            throw new IllegalStateException("password=hunter2, card 4111 1111 1111 1111");
        }
    }

    /** The application's own part of the web. */
    @RestController
    static class Front {

        @GetMapping("/front")
        String front() {
            return "come in";
        }
    }

    /** The application's own idea of errors, which the console does not share. */
    @ControllerAdvice
    static class Advice {

        @ExceptionHandler
        String any(Exception thrown) {
            throw new IllegalStateException("The application's advice was asked", thrown);
        }
    }
}
