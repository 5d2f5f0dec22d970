package io.amends.spring.boot.autoconfigure.observability;

import io.amends.runtime.wire.SagaMessage;

/** A participant carries out a command. Used by one thread. */
public final class SagaCommandContext extends SagaMessageContext {

    private final String participant;

    SagaCommandContext(String participant, SagaMessage command) {
        super(command);
        this.participant = participant;
    }

    /** Who carries it out. */
    public String participant() {
        return participant;
    }
}
