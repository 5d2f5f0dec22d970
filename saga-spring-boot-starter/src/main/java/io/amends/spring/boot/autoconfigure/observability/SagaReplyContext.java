package io.amends.spring.boot.autoconfigure.observability;

import io.amends.runtime.wire.SagaMessage;

/** The orchestrator takes a reply. Used by one thread. */
public final class SagaReplyContext extends SagaMessageContext {

    private final String saga;

    SagaReplyContext(String saga, SagaMessage reply) {
        super(reply);
        this.saga = saga;
    }

    /** The name of the definition whose instance it is for. */
    public String saga() {
        return saga;
    }
}
