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
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

/** Takes transfers in and looks them up. */
@Service
class TransferDesk {

    static final String SAGA = "money-transfer";

    /** The modes, as clients and the database name them. */
    static final String BY_SAGA = "saga";

    static final String TWO_PHASE = "2pc";

    private final Sagas sagas;
    private final BankClient banks;
    private final TransferProperties properties;
    private final TransferModes modes;
    private final TwoPhaseDesk twoPhase;
    private final TwoPhaseTransfers twoPhaseTransfers;

    TransferDesk(
            Sagas sagas,
            BankClient banks,
            TransferProperties properties,
            TransferModes modes,
            TwoPhaseDesk twoPhase,
            TwoPhaseTransfers twoPhaseTransfers) {
        this.modes = modes;
        this.twoPhase = twoPhase;
        this.twoPhaseTransfers = twoPhaseTransfers;
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

    /**
     * Starts the transfer; the same one again is answered with the one that runs.
     *
     * @param mode how it is to be made; null: by its amount, unless it was said before
     * @return false if too many wait already
     * @throws ConflictException if there is another transfer of that id, or one of another mode
     */
    boolean submit(Transfer transfer, @Nullable String mode) {
        String wanted = mode == null ? usual(transfer) : mode;
        // Sagas of the time before modes were noted have none.
        if (wanted.equals(TWO_PHASE)
                && sagas.find(SAGA, SagaKey.of(transfer.id())).isPresent()) {
            wanted = BY_SAGA;
        }
        String counts = modes.claim(transfer.id(), wanted);
        if (mode != null && !mode.equals(counts)) {
            throw new ConflictException("Transfer %s has mode %s.".formatted(transfer.id(), counts));
        }
        if (counts.equals(TWO_PHASE)) {
            return twoPhase.submit(transfer);
        }
        start(transfer);
        return true;
    }

    private String usual(Transfer transfer) {
        BigDecimal limit = properties.twoPhaseAbove();
        return limit != null && transfer.amount().compareTo(limit) > 0 ? TWO_PHASE : BY_SAGA;
    }

    private void start(Transfer transfer) {
        Class<?> definition = properties.sagaVersion() == 1 ? MoneyTransferSagaV1.class : MoneyTransferSaga.class;
        try {
            sagas.start(definition, transfer, SagaKey.of(transfer.id()));
        } catch (SagaKeyConflictException other) {
            throw new ConflictException("Transfer %s exists with other fields.".formatted(transfer.id()));
        }
    }

    TransferView find(UUID id) {
        return sagas.find(SAGA, SagaKey.of(id))
                .map(TransferView::of)
                .or(() -> twoPhaseTransfers.find(id).map(TransferView::of))
                .orElseThrow(() -> noTransfer(id));
    }

    static NotFoundException noTransfer(UUID id) {
        return new NotFoundException("There is no transfer %s.".formatted(id));
    }

    /** Those that there are, in no order; two statements at most. */
    List<TransferView> findAll(List<UUID> ids) {
        List<TransferView> found = new ArrayList<>();
        Set<UUID> others = new HashSet<>(ids);
        for (SagaSnapshot saga :
                sagas.findAll(SAGA, ids.stream().map(SagaKey::of).toList())) {
            TransferView view = TransferView.of(saga);
            others.remove(view.transferId());
            found.add(view);
        }
        if (!others.isEmpty()) {
            twoPhaseTransfers.findAll(others).forEach(transfer -> found.add(TransferView.of(transfer)));
        }
        return found;
    }
}
