package io.amends.dashboard.failures;

import io.amends.dashboard.audit.Operator;
import io.amends.dashboard.language.NotTakenException;
import io.amends.dashboard.language.Sentence;
import java.time.Instant;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What an operator wants to be written down about a group, in the place of what is there. Texts that are blank count as none.
 *
 * @param groupId the group
 * @param seenRevision the revision of the note that they looked at, 0 if there was none
 * @param text a note, null for none
 * @param owner who looks after it, null for nobody
 * @param mutedUntil until when it raises no alerts, null if it does
 * @param operator who
 * @param reason why
 * @param idempotencyKey under which a repeat is recognised, null for none
 */
public record GroupChange(
        String groupId,
        long seenRevision,
        @Nullable String text,
        @Nullable String owner,
        @Nullable Instant mutedUntil,
        Operator operator,
        String reason,
        @Nullable String idempotencyKey) {

    private static final Pattern ID = Pattern.compile("[0-9a-f]{16}");
    private static final int LONGEST_TEXT = 2_000;
    private static final int LONGEST_OWNER = 100;

    /** @throws IllegalArgumentException if a text is too long, or that is no group's id */
    public GroupChange {
        if (!ID.matcher(groupId).matches()) {
            throw new NotTakenException(Sentence.of("A group's id has 16 digits, such as 0123456789abcdef."));
        }
        text = given("note", text, LONGEST_TEXT);
        owner = given("owner", owner, LONGEST_OWNER);
    }

    private static @Nullable String given(String name, @Nullable String value, int longest) {
        if (value == null || value.isBlank()) {
            return null;
        }
        String stripped = value.strip();
        if (stripped.codePointCount(0, stripped.length()) > longest) {
            throw new NotTakenException(Sentence.of(
                    "'%s' has %d characters, and %d at most.",
                    name, stripped.codePointCount(0, stripped.length()), longest));
        }
        if (stripped.indexOf('\0') >= 0) {
            throw new NotTakenException(Sentence.of("'%s' has a character that the database can't keep.", name));
        }
        return stripped;
    }
}
