package io.amends.saga.engine;

import io.amends.saga.Command;

/** What a decision asks the shell to do, in the transaction that stores the new state. */
public sealed interface SagaEffect {

    /**
     * Sends a command.
     *
     * @param step the step it belongs to
     * @param kind action or compensation
     * @param participant who is asked
     * @param command the command
     * @param attempt 1 for the first sending
     * @param round the step's {@link StepState#round}: what was rejected in an earlier one is asked anew
     */
    record SendCommand(String step, CommandKind kind, String participant, Command<?> command, int attempt, int round)
            implements SagaEffect {}

    /** Runs a local step with the state's data and reports how it went as another event. */
    record RunLocalStep(String step, CommandKind kind) implements SagaEffect {}

    /**
     * The instance turned back, or reached a phase from which nothing automatic follows: run the hooks, tell the
     * listeners.
     *
     * @param phase the phase it reached
     */
    record Announce(SagaPhase phase) implements SagaEffect {}

    /**
     * Something is overdue or spent, and goes on nevertheless: tell somebody.
     *
     * @param code what kind of trouble it is
     * @param text the same in words
     */
    record Alert(ReasonCode code, String text) implements SagaEffect {}
}
