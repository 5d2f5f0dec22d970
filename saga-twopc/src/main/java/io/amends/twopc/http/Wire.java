package io.amends.twopc.http;

import io.amends.twopc.BranchState;
import io.amends.twopc.PreparedBranch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The words that coordinator and service use over HTTP. docs/two-phase-commit.md has them all. */
final class Wire {

    static final String PATH = "/twopc";

    static final String OUTCOME = "Twopc-Outcome";
    static final String XID = "Twopc-Xid";
    static final String AUTHORIZATION = "Authorization";
    static final String BEARER = "Bearer ";
    static final String CONTENT_TYPE = "Content-Type";
    static final String TEXT = "text/plain; charset=utf-8";

    static final String PREPARED = "PREPARED";
    static final String READ_ONLY = "READ_ONLY";
    static final String REFUSED = "REFUSED";
    static final String AGAIN = "AGAIN";
    static final String UNKNOWN = "UNKNOWN";

    private Wire() {}

    /** Null if that is no state: then it was not one of our endpoints that answered. */
    static @Nullable BranchState state(@Nullable String text) {
        for (BranchState state : BranchState.values()) {
            if (state.name().equals(text)) {
                return state;
            }
        }
        return null;
    }

    /** A line for each branch: its gid and its age in milliseconds. */
    static String prepared(List<PreparedBranch> branches) {
        StringBuilder lines = new StringBuilder();
        branches.forEach(branch -> lines.append(branch.gid())
                .append(' ')
                .append(branch.age().toMillis())
                .append('\n'));
        return lines.toString();
    }

    /**
     * The same, read.
     *
     * @throws IllegalArgumentException if a line is not of that kind
     */
    static List<PreparedBranch> prepared(String text) {
        List<PreparedBranch> branches = new ArrayList<>();
        for (String line : text.lines().toList()) {
            int blank = blank(line);
            branches.add(
                    new PreparedBranch(line.substring(0, blank), Duration.ofMillis(number(line.substring(blank + 1)))));
        }
        return branches;
    }

    /** A line for each transaction: its number and its state. */
    static String states(Map<String, BranchState> states) {
        StringBuilder lines = new StringBuilder();
        states.forEach((xid, state) ->
                lines.append(xid).append(' ').append(state.name()).append('\n'));
        return lines.toString();
    }

    /**
     * The same, read.
     *
     * @throws IllegalArgumentException if a line is not of that kind
     */
    static Map<String, BranchState> states(String text) {
        Map<String, BranchState> states = new LinkedHashMap<>();
        for (String line : text.lines().toList()) {
            int blank = blank(line);
            states.put(line.substring(0, blank), BranchState.valueOf(line.substring(blank + 1)));
        }
        return states;
    }

    /** The last one: whatever a gid holds, what follows it has none. */
    private static int blank(String line) {
        int blank = line.lastIndexOf(' ');
        if (blank < 0) {
            throw new IllegalArgumentException("A line of the answer lacks its second word");
        }
        return blank;
    }

    /**
     * Digits as a number.
     *
     * @throws IllegalArgumentException for anything else
     */
    static long number(String text) {
        try {
            long number = Long.parseLong(text);
            if (number >= 0) {
                return number;
            }
        } catch (NumberFormatException other) {
            throw new IllegalArgumentException("A number from 0 on was expected", other);
        }
        throw new IllegalArgumentException("A number from 0 on was expected");
    }
}
