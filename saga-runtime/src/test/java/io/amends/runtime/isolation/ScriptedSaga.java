package io.amends.runtime.isolation;

import io.amends.saga.engine.CommandKind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * A saga whose steps are called one by one, each in a transaction of its own as a participant's handler is, so that a
 * script can put the steps of two sagas in any order. A step that is refused compensates the saga; later steps then do
 * nothing. Accounts belong to customers; a customer's version counts the changes of its accounts.
 */
final class ScriptedSaga {

    private final JdbcOperations jdbc;
    private final TransactionTemplate transaction;
    private final SemanticLocks locks;
    private final Countermeasure countermeasure;
    private final UUID id = UUID.randomUUID();
    private final Map<String, Integer> readBalances = new HashMap<>();
    private final Map<String, Integer> readVersions = new HashMap<>();
    private final Deque<Runnable> compensations = new ArrayDeque<>();
    private final List<Runnable> afterPivot = new ArrayList<>();
    private boolean compensated;
    private boolean completed;

    ScriptedSaga(
            JdbcOperations jdbc, TransactionTemplate transaction, SemanticLocks locks, Countermeasure countermeasure) {
        this.jdbc = jdbc;
        this.transaction = transaction;
        this.locks = locks;
        this.countermeasure = countermeasure;
    }

    boolean compensated() {
        return compensated;
    }

    boolean completed() {
        return completed;
    }

    /** A step that reads an account, which the saga remembers; the answer is 0 if the step is refused. */
    int reads(String account) {
        int[] balance = {0};
        step(() -> {
            if (!touch(account)) {
                return false;
            }
            balance[0] = remember(account);
            return true;
        });
        return balance[0];
    }

    /** A compensatable step that changes an account; pessimistic order puts it off until after the pivot. */
    void changes(String account, int amount) {
        if (compensated) {
            return;
        }
        if (countermeasure == Countermeasure.PESSIMISTIC_ORDER) {
            afterPivot.add(() -> step(() -> change(account, amount)));
            return;
        }
        if (step(() -> change(account, amount))) {
            compensations.push(
                    () -> jdbc.update("update account set balance = balance - ? where account = ?", amount, account));
        }
    }

    /** The pivot that changes nothing itself but rests on what was read, such as a contract that is signed now. */
    void decidesOn(String account) {
        step(() -> countermeasure != Countermeasure.REREAD_VALUE || customerIsAsRead(account));
    }

    /** The saga's last steps, if none was refused. */
    void completes() {
        afterPivot.forEach(Runnable::run);
        if (!compensated) {
            completed = true;
            inTransaction(CommandKind.ACTION, locks::releaseAll);
        }
    }

    /** A participant refuses the pivot: what was done is undone, in reverse order. */
    void isRejected() {
        if (!compensated) {
            compensated = true;
            inTransaction(CommandKind.COMPENSATION, () -> {
                compensations.forEach(Runnable::run);
                return locks.releaseAll();
            });
        }
    }

    private boolean step(Supplier<Boolean> handler) {
        if (compensated) {
            return false;
        }
        boolean accepted = inTransaction(CommandKind.ACTION, handler);
        if (!accepted) {
            isRejected();
        }
        return accepted;
    }

    private <T> T inTransaction(CommandKind kind, Supplier<T> handler) {
        CommandScope scope = CommandScope.open("bank", id, "step", kind, () -> {});
        try {
            return transaction.execute(status -> handler.get());
        } finally {
            scope.close();
        }
    }

    private boolean change(String account, int amount) {
        if (!touch(account)) {
            return false;
        }
        if (countermeasure == Countermeasure.COMMUTATIVE_UPDATE) {
            return jdbc.update(
                            "update account set balance = balance + ? where account = ? and (? > 0 or balance + ? >= 0)",
                            amount,
                            account,
                            amount,
                            amount)
                    == 1;
        }
        int read = readBalances.containsKey(account) ? readBalances.get(account) : remember(account);
        if (countermeasure == Countermeasure.REREAD_VALUE && !customerIsAsRead(account)) {
            return false;
        }
        return jdbc.update("update account set balance = ? where account = ?", read + amount, account) == 1;
    }

    /** Every change counts as one of the customer, so that two that rest on the same read can't both pass. */
    private boolean customerIsAsRead(String account) {
        String customer = customer(account);
        int read = readVersions.get(customer);
        readVersions.put(customer, read + 1);
        return jdbc.update(
                        "update customer set version = version + 1 where customer = ? and version = ?", customer, read)
                == 1;
    }

    private boolean touch(String account) {
        return countermeasure != Countermeasure.SEMANTIC_LOCK
                || locks.acquire(LockName.of("customer", customer(account)), LockMode.failFast())
                        .granted();
    }

    private int remember(String account) {
        Integer version = jdbc.queryForObject(
                "select version from customer where customer = ?", Integer.class, customer(account));
        Integer balance = jdbc.queryForObject("select balance from account where account = ?", Integer.class, account);
        readVersions.putIfAbsent(customer(account), version);
        readBalances.put(account, balance);
        return balance;
    }

    private String customer(String account) {
        return jdbc.queryForObject("select customer from account where account = ?", String.class, account);
    }
}
