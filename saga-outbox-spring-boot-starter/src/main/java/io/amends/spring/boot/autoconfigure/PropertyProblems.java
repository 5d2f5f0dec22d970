package io.amends.spring.boot.autoconfigure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.util.unit.DataSize;

/** Gathers what is wrong with the settings. For one thread. */
public final class PropertyProblems {

    private final List<String> problems = new ArrayList<>();

    /** Another one, in the format of {@link String#formatted}. */
    public void add(String format, Object... arguments) {
        problems.add(format.formatted(arguments));
    }

    /** The value must lie between two others, which are allowed too. */
    public void within(String property, int value, int least, int most) {
        if (value < least || value > most) {
            add("%s is %d, but must be from %d to %d.", property, value, least, most);
        }
    }

    /** The size must lie between two others, which are allowed too. */
    public void within(String property, DataSize value, DataSize least, DataSize most) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            add("%s is %s, but must be from %s to %s.", property, value, least, most);
        }
    }

    /** The time must not be shorter. */
    public void atLeast(String property, Duration value, Duration least) {
        if (value.compareTo(least) < 0) {
            add("%s is %s, but must be at least %s.", property, text(value), text(least));
        }
    }

    /** The time must not be negative. */
    public void notNegative(String property, Duration value) {
        if (value.isNegative()) {
            add("%s is %s, but must not be negative.", property, text(value));
        }
    }

    /** The first time must not be longer than the second. */
    public void ordered(String shorterProperty, Duration shorter, String longerProperty, Duration longer) {
        if (shorter.compareTo(longer) > 0) {
            add(
                    "%s is %s, but must not be longer than %s (%s). Lower the first or raise the second.",
                    shorterProperty, text(shorter), longerProperty, text(longer));
        }
    }

    /**
     * Ends the gathering.
     *
     * @throws InvalidSagaPropertiesException if there is any problem
     */
    public void throwIfAny() {
        if (!problems.isEmpty()) {
            throw new InvalidSagaPropertiesException(problems);
        }
    }

    /** As one would write it in a properties file: in seconds where that is exact, else in milliseconds. */
    static String text(Duration duration) {
        return duration.toNanosPart() == 0 ? duration.toSeconds() + "s" : DurationStyle.SIMPLE.print(duration);
    }
}
