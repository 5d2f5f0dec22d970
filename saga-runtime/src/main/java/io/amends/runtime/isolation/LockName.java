package io.amends.runtime.isolation;

import java.util.Comparator;

/**
 * What a semantic lock protects: a thing of the participant's own model, known by its kind and id. Names are shared by
 * all participants of one database. Immutable; sorted by type, then id.
 *
 * @param type kind of thing, such as {@code account}; 1 to 200 characters
 * @param id which one; 1 to 200 characters
 */
public record LockName(String type, String id) implements Comparable<LockName> {

    private static final int MAX_LENGTH = 200;
    private static final Comparator<LockName> ORDER =
            Comparator.comparing(LockName::type).thenComparing(LockName::id);

    /** @throws IllegalArgumentException if a part is blank, too long or holds a NUL character */
    public LockName {
        check("type", type);
        check("id", id);
    }

    /** The lock on that thing. */
    public static LockName of(String type, String id) {
        return new LockName(type, id);
    }

    @Override
    public int compareTo(LockName other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return type + ":" + id;
    }

    private static void check(String what, String text) {
        if (text.isBlank() || text.length() > MAX_LENGTH || text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException(
                    "The %s of a lock's name has 1 to %d characters, none of them NUL; this one has %d."
                            .formatted(what, MAX_LENGTH, text.length()));
        }
    }
}
