package io.amends.sample.lab;

import io.amends.sample.lab.Look.Bank;
import io.amends.sample.lab.Look.OpenTransfer;
import io.amends.sample.lab.Look.Prepared;
import io.amends.sample.lab.Look.Session;
import java.math.BigDecimal;
import java.util.List;

/** Looks as the databases could have given them. */
final class Looks {

    static final String RUN = "0123456789abcdef0123456789abcdef";

    private Looks() {}

    static OpenTransfer saga(String state, String step, int attempts, String reason) {
        return new OpenTransfer(
                "s1",
                LabOrder.SAGA,
                state,
                5_000,
                step,
                step == null ? null : "bank-b",
                attempts,
                reason,
                null,
                null,
                null,
                null,
                BigDecimal.ZERO,
                null,
                null);
    }

    static OpenTransfer twoPhase(String state, String run, String decision) {
        return new OpenTransfer(
                "t1",
                LabOrder.TWO_PHASE,
                state,
                5_000,
                null,
                null,
                0,
                null,
                "bank-a",
                "lab-01",
                "bank-b",
                "lab-02",
                new BigDecimal("7.50"),
                run,
                decision);
    }

    static Prepared prepared(String bank) {
        return new Prepared(bank, RUN, "transfer-1", 5_000);
    }

    static Bank bank(String name, String balance, String transit) {
        return new Bank(name, new BigDecimal(balance), BigDecimal.ZERO, new BigDecimal(transit));
    }

    static Look look(List<OpenTransfer> open, List<Prepared> prepared, List<Session> sessions, Bank... banks) {
        return new Look(List.of(), open, prepared, sessions, List.of(), List.of(banks), List.of());
    }
}
