package io.amends.dashboard.audit;

import io.amends.dashboard.language.Sentence;
import io.amends.dashboard.language.Told;

/** An idempotency key came with another order than before; nothing was done. */
public final class KeyReusedException extends IllegalArgumentException implements Told {

    private static final long serialVersionUID = 1L;

    private final transient Sentence told;

    /** Under that key there is that line of the audit. */
    public KeyReusedException(String key, long actionId) {
        this(Sentence.of(
                "Idempotency key '%s' was used for another order (line %d of the audit). A new order needs a new key; a repeat has the same operator, verb and arguments, and is about the same.",
                key, actionId));
    }

    private KeyReusedException(Sentence told) {
        super(told.english());
        this.told = told;
    }

    @Override
    public Sentence told() {
        return told;
    }
}
