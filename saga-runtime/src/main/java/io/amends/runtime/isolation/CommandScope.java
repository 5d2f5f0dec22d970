package io.amends.runtime.isolation;

import io.amends.saga.engine.CommandKind;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The command that a handler is carrying out on this thread; the participant opens it around the handler, so that
 * {@link SemanticLocks} knows the saga without every handler passing it along. For one thread.
 */
public final class CommandScope implements AutoCloseable {

    private static final ThreadLocal<@Nullable CommandScope> CURRENT = new ThreadLocal<>();

    private final String participant;
    private final UUID sagaId;
    private final String step;
    private final CommandKind kind;
    private final Runnable served;
    private final @Nullable CommandScope outer;
    private @Nullable LockWait wait;

    private CommandScope(
            String participant,
            UUID sagaId,
            String step,
            CommandKind kind,
            Runnable served,
            @Nullable CommandScope outer) {
        this.participant = participant;
        this.sagaId = sagaId;
        this.step = step;
        this.kind = kind;
        this.served = served;
        this.outer = outer;
    }

    /**
     * Begins a command.
     *
     * @param served called after a commit that made waiting commands due
     */
    public static CommandScope open(String participant, UUID sagaId, String step, CommandKind kind, Runnable served) {
        CommandScope scope = new CommandScope(participant, sagaId, step, kind, served, CURRENT.get());
        CURRENT.set(scope);
        return scope;
    }

    static CommandScope current() {
        CommandScope scope = CURRENT.get();
        if (scope == null) {
            throw new IllegalStateException(
                    "A semantic lock belongs to the saga whose command is being handled, and this thread handles none. Call SemanticLocks in the thread of a @CommandHandler method.");
        }
        return scope;
    }

    /** What the handler has to wait for; null if it may be taken at its word. */
    public @Nullable LockWait awaited() {
        return wait;
    }

    LockWaitException await(LockWait wanted) {
        wait = wanted;
        return new LockWaitException(wanted);
    }

    String participant() {
        return participant;
    }

    UUID sagaId() {
        return sagaId;
    }

    String step() {
        return step;
    }

    CommandKind kind() {
        return kind;
    }

    Runnable served() {
        return served;
    }

    @Override
    public void close() {
        if (outer == null) {
            CURRENT.remove();
        } else {
            CURRENT.set(outer);
        }
    }
}
