package io.amends.test.simulation;

import java.time.Duration;

/**
 * How much goes wrong in a {@link Simulation}. Chances are from 0 to 1 and independent of each other. Immutable.
 *
 * @param crash the chance, at each statement, before and after each commit and after each record sent, that the process
 *     ends there
 * @param lostConnection the chance, at each statement and before and after each commit, that the database's connection
 *     breaks; after a commit the process does not learn that it happened
 * @param interleaving the chance, at each statement, that other processes run in the middle of the transaction
 * @param redelivery the chance, at each poll, that the consumer's position falls back and records come again
 * @param handlerError the chance, at each command that is carried out, that its handler throws, before or after its work
 * @param forgery the chance, at each step of the simulation, that somebody who was not asked sends a reply
 * @param hold the chance, at each step of the simulation, that flow control begins or ends to hold a participant's actions
 * @param skew how far the clocks of processes are from the databases' clocks at most, in either direction
 */
public record Faults(
        double crash,
        double lostConnection,
        double interleaving,
        double redelivery,
        double handlerError,
        double forgery,
        double hold,
        Duration skew) {

    /** Nothing goes wrong; processes still run in any order. */
    public static Faults none() {
        return new Faults(0, 0, 0, 0, 0, 0, 0, Duration.ZERO);
    }

    /** Some of everything, clocks hours apart. */
    public static Faults some() {
        return new Faults(0.004, 0.01, 0.05, 0.05, 0.08, 0.01, 0.02, Duration.ofHours(3));
    }

    public Faults {
        check("crash", crash);
        check("lostConnection", lostConnection);
        check("interleaving", interleaving);
        check("redelivery", redelivery);
        check("handlerError", handlerError);
        check("forgery", forgery);
        check("hold", hold);
        if (skew.isNegative()) {
            throw new IllegalArgumentException("skew is how far clocks differ and not negative, but was " + skew);
        }
    }

    private static void check(String name, double chance) {
        if (!(chance >= 0 && chance <= 1)) {
            throw new IllegalArgumentException("%s is a chance from 0 to 1, not %s.".formatted(name, chance));
        }
    }

    /** With that chance of a crash. */
    public Faults withCrash(double chance) {
        return new Faults(chance, lostConnection, interleaving, redelivery, handlerError, forgery, hold, skew);
    }

    /** With that chance of a broken connection. */
    public Faults withLostConnection(double chance) {
        return new Faults(crash, chance, interleaving, redelivery, handlerError, forgery, hold, skew);
    }

    /** With that chance of other processes running in the middle of a transaction. */
    public Faults withInterleaving(double chance) {
        return new Faults(crash, lostConnection, chance, redelivery, handlerError, forgery, hold, skew);
    }

    /** With that chance of records coming again. */
    public Faults withRedelivery(double chance) {
        return new Faults(crash, lostConnection, interleaving, chance, handlerError, forgery, hold, skew);
    }

    /** With that chance of a handler that throws. */
    public Faults withHandlerError(double chance) {
        return new Faults(crash, lostConnection, interleaving, redelivery, chance, forgery, hold, skew);
    }

    /** With that chance of a forged reply. */
    public Faults withForgery(double chance) {
        return new Faults(crash, lostConnection, interleaving, redelivery, handlerError, chance, hold, skew);
    }

    /** With that chance of a hold, or of its end. */
    public Faults withHold(double chance) {
        return new Faults(crash, lostConnection, interleaving, redelivery, handlerError, forgery, chance, skew);
    }

    /** With clocks that far apart at most. */
    public Faults withSkew(Duration most) {
        return new Faults(crash, lostConnection, interleaving, redelivery, handlerError, forgery, hold, most);
    }
}
