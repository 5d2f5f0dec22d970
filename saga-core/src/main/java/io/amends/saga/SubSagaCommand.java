package io.amends.saga;

import java.util.Objects;

/**
 * The command that the framework makes of a {@link SubSaga}. Its payload on the wire is the data alone; saga and key are
 * headers.
 *
 * @param saga the saga to start; of a compensation, the one that undoes the child
 * @param key its business key
 * @param data its first data
 */
@MessageType("sub-saga")
public record SubSagaCommand(String saga, SagaKey key, Object data) implements Command<SubSagaReply> {

    public SubSagaCommand {
        Objects.requireNonNull(saga, "saga");
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(data, "data");
    }
}
