package io.amends.dashboard.browser.desk;

import io.amends.outbox.inbox.IdempotentListener;
import io.amends.saga.Command;
import io.amends.saga.CommandHandler;
import io.amends.saga.Compensation;
import io.amends.saga.Escalation;
import io.amends.saga.Masked;
import io.amends.saga.OnReply;
import io.amends.saga.Retry;
import io.amends.saga.Saga;
import io.amends.saga.SagaParticipant;
import io.amends.saga.SagaStep;
import io.amends.saga.SearchAttribute;
import io.amends.saga.StepKind;
import io.amends.saga.Success;
import io.amends.saga.definition.SagaDefinition;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.DataSource;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetails;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.stereotype.Component;

/** Transfers between two banks, one of which closes when a test says so; three people may look, operate, and do all. */
@SpringBootApplication
public class DeskApplication {

    /** What closed banks say, by the key of the transfer or {@code *} for all; none are open. Shared by all processes of a test. */
    public static final Map<String, String> CLOSED = new ConcurrentHashMap<>();

    /** As a process of its own; every bank is open there. */
    public static void main(String[] arguments) {
        SpringApplication.run(DeskApplication.class, arguments);
    }

    /** A transfer; its pin and account are nobody's business. */
    public record Transfer(
            String key,
            String amount,
            String note,
            String iban,
            @Masked String answer,
            String state) {}

    record Reserve(String key) implements Command<Done> {}

    record Release(String key) implements Command<Done> {}

    record Credit(String key) implements Command<Done> {}

    record Debit(String key) implements Command<Done> {}

    record Tell(String key) implements Command<Done> {}

    record Done() implements Success {}

    @Saga(name = "money-transfer")
    public static class MoneyTransfer {

        @SagaStep(order = 1, name = "reserve-funds", participant = "bank-a")
        Reserve reserve(Transfer transfer) {
            return new Reserve(transfer.key());
        }

        @OnReply(to = "reserve-funds")
        Transfer reserved(Transfer transfer, Done done) {
            return new Transfer(
                    transfer.key(), transfer.amount(), transfer.note(), transfer.iban(), transfer.answer(), "RESERVED");
        }

        @Compensation(of = "reserve-funds")
        Release release(Transfer transfer) {
            return new Release(transfer.key());
        }

        @SagaStep(
                order = 2,
                name = "credit",
                participant = "bank-b",
                timeout = "20s",
                retry = @Retry(attempts = 2, backoff = "1ms", backoffMax = "1ms"),
                onExhausted = Escalation.PARK)
        Credit credit(Transfer transfer) {
            return new Credit(transfer.key());
        }

        @Compensation(of = "credit")
        Debit debit(Transfer transfer) {
            return new Debit(transfer.key());
        }

        @SagaStep(order = 3, name = "notify", kind = StepKind.RETRIABLE, participant = "mail")
        Tell tell(Transfer transfer) {
            return new Tell(transfer.key());
        }

        @SearchAttribute("purpose")
        String purpose(Transfer transfer) {
            return transfer.note().length() > 20 ? "" : transfer.note();
        }

        @SearchAttribute("amount")
        String amount(Transfer transfer) {
            return transfer.amount();
        }
    }

    @SagaParticipant("bank-a")
    static class BankA {

        @CommandHandler
        Done on(Reserve command) {
            return new Done();
        }

        @CommandHandler
        Done on(Release command) {
            return new Done();
        }
    }

    @SagaParticipant("bank-b")
    static class BankB {

        private final JdbcTemplate books;

        BankB(DataSource database) {
            books = new JdbcTemplate(database);
            books.execute("create table if not exists desk_credit (transfer text not null)");
        }

        @CommandHandler
        Done on(Credit command) {
            String why = CLOSED.getOrDefault(command.key(), CLOSED.get("*"));
            if (why != null) {
                throw new IllegalStateException(why);
            }
            books.update("insert into desk_credit (transfer) values (?)", command.key());
            return new Done();
        }

        @CommandHandler
        Done on(Debit command) {
            return new Done();
        }
    }

    @SagaParticipant("mail")
    static class Mail {

        @CommandHandler
        Done on(Tell command) {
            return new Done();
        }
    }

    /** Writes down the letters of an open bank, in those processes that a test gives it. */
    @Component
    @ConditionalOnProperty("desk.letters")
    static class Letters {

        private final JdbcTemplate books;

        Letters(DataSource database) {
            books = new JdbcTemplate(database);
            books.execute("create table if not exists desk_letter (letter text not null)");
        }

        @IdempotentListener(consumer = "desk-letters", topics = "desk.letters")
        void on(ConsumerRecord<byte[], byte[]> letter) {
            String key = new String(letter.key(), StandardCharsets.UTF_8);
            String why = CLOSED.get(key);
            if (why != null) {
                throw new IllegalStateException(why);
            }
            books.update(
                    "insert into desk_letter (letter) values (?)", new String(letter.value(), StandardCharsets.UTF_8));
        }
    }

    /** A mail more, for those processes that a test gives it. */
    @Bean
    @ConditionalOnProperty("desk.second-version")
    SagaDefinition secondMoneyTransfer() {
        return SagaDefinition.named("money-transfer")
                .version(2)
                .data(Transfer.class)
                .step("reserve-funds", "bank-a", Reserve.class, transfer -> new Reserve(transfer.key()))
                .compensatedBy("bank-a", Release.class, transfer -> new Release(transfer.key()))
                .step("credit", "bank-b", Credit.class, transfer -> new Credit(transfer.key()))
                .compensatedBy("bank-b", Debit.class, transfer -> new Debit(transfer.key()))
                .retriable("notify", "mail", Tell.class, transfer -> new Tell(transfer.key()))
                .retriable("notify-again", "mail", Tell.class, transfer -> new Tell(transfer.key()))
                .build();
    }

    @Bean
    UserDetailsService users() {
        return new InMemoryUserDetailsManager(
                user("vic", "VIEWER"), user("olga", "OPERATOR"), user("ada", "ADMIN"), user("bob", "ADMIN"));
    }

    private static UserDetails user(String name, String role) {
        return User.withUsername(name)
                .password("{noop}" + name + "-pass")
                .roles("AMENDS_" + role)
                .build();
    }
}
