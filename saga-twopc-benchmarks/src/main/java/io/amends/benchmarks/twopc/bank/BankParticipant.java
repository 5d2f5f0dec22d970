package io.amends.benchmarks.twopc.bank;

import io.amends.benchmarks.twopc.bank.BankMessages.Capture;
import io.amends.benchmarks.twopc.bank.BankMessages.Captured;
import io.amends.benchmarks.twopc.bank.BankMessages.Credit;
import io.amends.benchmarks.twopc.bank.BankMessages.CreditReply;
import io.amends.benchmarks.twopc.bank.BankMessages.Credited;
import io.amends.benchmarks.twopc.bank.BankMessages.Refused;
import io.amends.benchmarks.twopc.bank.BankMessages.Release;
import io.amends.benchmarks.twopc.bank.BankMessages.Released;
import io.amends.benchmarks.twopc.bank.BankMessages.Reserve;
import io.amends.benchmarks.twopc.bank.BankMessages.ReserveReply;
import io.amends.benchmarks.twopc.bank.BankMessages.Reserved;
import io.amends.saga.CommandHandler;
import io.amends.saga.SagaParticipant;
import java.util.UUID;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcTemplate;

/** The bank as a participant of sagas. */
@SagaParticipant("${bank.name}")
class BankParticipant {

    private final JdbcTemplate jdbc;

    BankParticipant(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    @CommandHandler
    ReserveReply on(Reserve command) {
        return does(connection -> Bank.reserve(connection, command.transferId(), command.account(), command.amount()))
                ? new Reserved()
                : new Refused();
    }

    @CommandHandler
    Released on(Release command) {
        must(does(connection -> Bank.release(connection, command.transferId())), command.transferId());
        return new Released();
    }

    @CommandHandler
    Captured on(Capture command) {
        must(does(connection -> Bank.capture(connection, command.transferId())), command.transferId());
        return new Captured();
    }

    @CommandHandler
    CreditReply on(Credit command) {
        return does(connection -> Bank.credit(connection, command.transferId(), command.account(), command.amount()))
                ? new Credited()
                : new Refused();
    }

    private boolean does(ConnectionCallback<Boolean> movement) {
        return Boolean.TRUE.equals(jdbc.execute(movement));
    }

    private static void must(boolean done, UUID transferId) {
        if (!done) {
            throw new IllegalStateException("Nothing is set aside for transfer %s.".formatted(transferId));
        }
    }
}
