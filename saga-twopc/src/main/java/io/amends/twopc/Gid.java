package io.amends.twopc;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name of a prepared transaction: {@code amends:<installation>:<coordinator>:<transaction>:<branch>}. PostgreSQL wants
 * it to be unique in a whole cluster, so the branch is in it; and whoever cleans up must see whose it is, so the
 * installation and the coordinator are. It holds no character that SQL would have to quote.
 *
 * @param installation all coordinators that share a decision log
 * @param coordinator the process that began it
 * @param transaction the transaction
 * @param branch the participant's name
 */
public record Gid(String installation, String coordinator, TransactionId transaction, String branch) {

    /** PostgreSQL's limit (GIDSIZE) is 200 with the byte that ends the text. */
    public static final int LONGEST = 199;

    private static final Pattern PART = Pattern.compile("[A-Za-z0-9_.-]+");
    private static final Pattern WHOLE =
            Pattern.compile("amends:([A-Za-z0-9_.-]+):([A-Za-z0-9_.-]+):([0-9a-f]{32}):([A-Za-z0-9_.-]+)");

    /**
     * @throws IllegalArgumentException if a part has another character than letters, digits, {@code _}, {@code .} and
     *     {@code -}, or all is too long
     */
    public Gid {
        requirePart("installation", installation);
        requirePart("coordinator", coordinator);
        requirePart("branch", branch);
        int length = text(installation, coordinator, transaction, branch).length();
        if (length > LONGEST) {
            throw new IllegalArgumentException(
                    "The name of the prepared transaction of branch %s would have %d characters, and PostgreSQL takes %d. Shorten the names of installation (%s), coordinator (%s) or participant."
                            .formatted(branch, length, LONGEST, installation, coordinator));
        }
    }

    /**
     * Checks one part.
     *
     * @throws IllegalArgumentException if it can't be part of a name
     */
    static void requirePart(String what, String part) {
        if (!PART.matcher(part).matches()) {
            throw new IllegalArgumentException(
                    "The name of the %s, '%s', becomes part of the names of prepared transactions; use letters, digits, '_', '.' and '-', at least one."
                            .formatted(what, part));
        }
    }

    /** What all names of an installation begin with. */
    public static String prefix(String installation) {
        return "amends:" + installation + ":";
    }

    /** As PostgreSQL and other services know it. */
    public String text() {
        return text(installation, coordinator, transaction, branch);
    }

    private static String text(String installation, String coordinator, TransactionId transaction, String branch) {
        return prefix(installation) + coordinator + ":" + transaction.hex() + ":" + branch;
    }

    /** Reads a name; empty if it was not given by that installation. */
    public static Optional<Gid> parse(String text, String installation) {
        return parse(text).filter(gid -> gid.installation().equals(installation));
    }

    /** Reads a name of whatever installation; empty if it is somebody else's. */
    public static Optional<Gid> parse(String text) {
        Matcher parts = WHOLE.matcher(text);
        if (text.length() > LONGEST || !parts.matches()) {
            return Optional.empty();
        }
        return Optional.of(
                new Gid(parts.group(1), parts.group(2), TransactionId.ofHex(parts.group(3)), parts.group(4)));
    }

    @Override
    public String toString() {
        return text();
    }
}
