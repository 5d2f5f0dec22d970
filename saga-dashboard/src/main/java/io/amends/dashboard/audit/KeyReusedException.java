package io.amends.dashboard.audit;

/** An idempotency key came with another order than before; nothing was done. */
public final class KeyReusedException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    /** Under that key there is that line of the audit. */
    public KeyReusedException(String key, long actionId) {
        super(
                "Idempotency key '%s' was used for another order (line %d of the audit). A new order needs a new key; a repeat has the same operator, verb and arguments, and is about the same."
                        .formatted(key, actionId));
    }
}
