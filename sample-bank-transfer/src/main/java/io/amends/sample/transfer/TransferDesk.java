package io.amends.sample.transfer;

import io.amends.runtime.SagaKeyConflictException;
import io.amends.runtime.SagaSnapshot;
import io.amends.runtime.Sagas;
import io.amends.saga.SagaKey;
import io.amends.sample.web.BadInputException;
import io.amends.sample.web.ConflictException;
import io.amends.sample.web.JsonBody;
import io.amends.sample.web.NotFoundException;
import java.math.BigDecimal;
import java.util.List;
import java.util.UUID;
import org.springframework.stereotype.Service;

/** Takes transfers in and looks them up. */
@Service
class TransferDesk {

    static final String SAGA = "money-transfer";

    private final Sagas sagas;
    private final BankClient banks;
    private final TransferProperties properties;

    TransferDesk(Sagas sagas, BankClient banks, TransferProperties properties) {
        this.sagas = sagas;
        this.banks = banks;
        this.properties = properties;
    }

    /**
     * The transfer in that request.
     *
     * @param precheck whether the accounts are looked up at their banks first
     */
    Transfer read(JsonBody json, boolean precheck) {
        List<String> names = properties.banks().keySet().stream().sorted().toList();
        UUID id = json.uuid("transferId");
        String fromBank = json.oneOf("fromBank", names);
        String fromAccount = json.account("fromAccount");
        String toBank = json.oneOf("toBank", names);
        String toAccount = json.account("toAccount");
        if (fromBank.equals(toBank) && fromAccount.equals(toAccount)) {
            throw new BadInputException("toAccount", "The same account stands on both sides.");
        }
        BigDecimal amount = json.amount("amount", properties.maxAmount());
        if (amount.signum() <= 0) {
            throw new BadInputException("amount", "Must be more than zero.");
        }
        if (precheck) {
            check("fromAccount", fromBank, fromAccount);
            check("toAccount", toBank, toAccount);
        }
        return new Transfer(id, fromBank, fromAccount, toBank, toAccount, amount, null);
    }

    private void check(String field, String bank, String account) {
        if (banks.lacks(bank, account)) {
            throw new BadInputException(field, "%s has no account %s.".formatted(bank, account));
        }
    }

    /** Starts the transfer; the same one again is answered with the one that runs. */
    void submit(Transfer transfer) {
        Class<?> definition = properties.sagaVersion() == 1 ? MoneyTransferSagaV1.class : MoneyTransferSaga.class;
        try {
            sagas.start(definition, transfer, SagaKey.of(transfer.id()));
        } catch (SagaKeyConflictException other) {
            throw new ConflictException("Transfer %s exists with other fields.".formatted(transfer.id()));
        }
    }

    SagaSnapshot find(UUID id) {
        return sagas.find(SAGA, SagaKey.of(id)).orElseThrow(() -> noTransfer(id));
    }

    static NotFoundException noTransfer(UUID id) {
        return new NotFoundException("There is no transfer %s.".formatted(id));
    }

    List<SagaSnapshot> findAll(List<UUID> ids) {
        return sagas.findAll(SAGA, ids.stream().map(SagaKey::of).toList());
    }
}
