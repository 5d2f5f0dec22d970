package io.amends.runtime.participant;

import io.amends.runtime.store.Barrier;
import io.amends.runtime.wire.SagaMessage;
import io.amends.saga.Command;

/** A command that this participant understands: its message, its handler, and the decoded body. */
record ReceivedCommand(SagaMessage message, CommandMethod method, Command<?> body) {

    Barrier.Key key() {
        return new Barrier.Key(message.sagaId(), message.step(), message.kind());
    }
}
