package io.amends.saga.definition;

import io.amends.saga.Retry;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads durations and retries as annotations write them. What can't be is a problem of the draft. */
final class WrittenTimes {

    private static final Pattern SHORT_DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");

    private final SagaDraft draft;

    WrittenTimes(SagaDraft draft) {
        this.draft = draft;
    }

    /** The policy; where it can't be, the usual one. */
    RetryPolicy retry(Retry declared, String where) {
        RetryPolicy usual = RetryPolicy.DEFAULT;
        Duration backoff = duration(declared.backoff(), where);
        Duration longest = duration(declared.backoffMax(), where);
        Duration first =
                backoff != null ? backoff : longest == null ? usual.backoff() : shorter(usual.backoff(), longest);
        List<Class<? extends Throwable>> permanent = List.of(declared.notAfter());
        try {
            return new RetryPolicy(
                    declared.attempts() == 0 ? usual.attempts() : declared.attempts(),
                    first,
                    longest != null ? longest : longer(usual.backoffMax(), first),
                    declared.multiplier() == 0 ? usual.multiplier() : declared.multiplier(),
                    declared.jitter(),
                    duration(declared.within(), where),
                    permanent.isEmpty()
                            ? usual.permanent()
                            : thrown -> permanent.stream()
                                    .anyMatch(type -> type.isInstance(SagaMethods.whatWasThrown(thrown))));
        } catch (IllegalArgumentException wrong) {
            draft.problem(
                    ProblemCode.BAD_SIGNATURE,
                    where,
                    "its @Retry can't be: %s".formatted(wrong.getMessage()),
                    "Correct the value, or leave it out.");
            return usual;
        }
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    /** Null if the text is empty, or no duration. */
    @Nullable
    Duration duration(String text, String where) {
        if (text.isEmpty()) {
            return null;
        }
        Matcher matcher = SHORT_DURATION.matcher(text);
        if (matcher.matches() && Long.parseLong(matcher.group(1)) > 0) {
            long amount = Long.parseLong(matcher.group(1));
            return switch (matcher.group(2)) {
                case "ms" -> Duration.ofMillis(amount);
                case "s" -> Duration.ofSeconds(amount);
                case "m" -> Duration.ofMinutes(amount);
                case "h" -> Duration.ofHours(amount);
                default -> Duration.ofDays(amount);
            };
        }
        try {
            Duration parsed = Duration.parse(text);
            if (!parsed.isNegative() && !parsed.isZero()) {
                return parsed;
            }
        } catch (DateTimeParseException notOne) {
            // reported below, with the place
        }
        draft.problem(
                ProblemCode.BAD_SIGNATURE,
                where,
                "'%s' is not a duration longer than zero.".formatted(text),
                "Write 500ms, 30s, 10m, 2h, 1d or an ISO-8601 duration such as PT10M.");
        return null;
    }
}
