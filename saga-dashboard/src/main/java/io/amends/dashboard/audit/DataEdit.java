package io.amends.dashboard.audit;

/**
 * What an operator put in the place of what. It may be personal: it is kept with the line of the audit, and shown to nobody
 * unmasked.
 *
 * @param before what was stored
 * @param after what was stored in its place
 */
public record DataEdit(String before, String after) {

    /** Does not tell the data. */
    @Override
    public String toString() {
        return "DataEdit[%d characters, then %d]".formatted(before.length(), after.length());
    }
}
