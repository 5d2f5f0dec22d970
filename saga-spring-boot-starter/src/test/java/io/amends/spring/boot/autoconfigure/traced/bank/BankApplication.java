package io.amends.spring.boot.autoconfigure.traced.bank;

import io.amends.saga.CommandHandler;
import io.amends.saga.SagaParticipant;
import io.amends.spring.boot.autoconfigure.traced.Money.Credit;
import io.amends.spring.boot.autoconfigure.traced.Money.CreditReply;
import io.amends.spring.boot.autoconfigure.traced.Money.NoSuchAccount;
import io.amends.spring.boot.autoconfigure.traced.Money.Release;
import io.amends.spring.boot.autoconfigure.traced.Money.Released;
import io.amends.spring.boot.autoconfigure.traced.Money.Reserve;
import io.amends.spring.boot.autoconfigure.traced.Money.Reserved;
import io.amends.spring.boot.autoconfigure.traced.Spans;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Import;

/** The bank, which refuses every credit. */
@SpringBootApplication
@Import(Spans.class)
public class BankApplication {

    @SagaParticipant("traced-bank")
    static class Accounts {

        @CommandHandler
        Reserved on(Reserve command) {
            return new Reserved();
        }

        @CommandHandler
        Released on(Release command) {
            return new Released();
        }

        @CommandHandler
        CreditReply on(Credit command) {
            return new NoSuchAccount();
        }
    }
}
