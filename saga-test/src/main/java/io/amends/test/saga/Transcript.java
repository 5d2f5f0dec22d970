package io.amends.test.saga;

import io.amends.saga.engine.Pause;
import io.amends.saga.engine.SagaState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What was said so far, line by line, for whoever reads a failure. */
final class Transcript {

    private static final int MOST_LINES = 40;

    private static final Set<String> OWN = Stream.of(
                    Transcript.class, Instance.class, Replies.class, SagaConversation.class)
            .map(Class::getName)
            .collect(Collectors.toUnmodifiableSet());

    private final Instant start;
    private final List<String> lines = new ArrayList<>();

    Transcript(Instant start) {
        this.start = start;
    }

    /** The test made something happen. */
    void happened(Instant now, String what) {
        lines.add("%-10s %s".formatted("+" + shortly(Duration.between(start, now)), what));
    }

    /** The saga did something. */
    void did(String what) {
        lines.add("%-10s   %s".formatted("", what));
    }

    /** A failure that shows everything. */
    AssertionError failure(String expected, String happened, SagaState state) {
        AssertionError failure =
                new AssertionError("%nExpected: %s%nHappened: %s%nThe saga: %s%n%nThe conversation so far:%n%s%n"
                        .formatted(expected, happened, words(state), text()));
        // The test's own line is what matters.
        failure.setStackTrace(Stream.of(failure.getStackTrace())
                .dropWhile(frame -> OWN.contains(frame.getClassName()))
                .toArray(StackTraceElement[]::new));
        return failure;
    }

    private String text() {
        Stream<String> told = lines.stream();
        if (lines.size() > 2 * MOST_LINES) {
            int end = lines.size() - MOST_LINES;
            String left = "... and %d lines more ...".formatted(end - MOST_LINES);
            told = Stream.of(lines.subList(0, MOST_LINES), List.of(left), lines.subList(end, lines.size()))
                    .flatMap(List::stream);
        }
        return told.map(line -> "  " + line).collect(Collectors.joining(System.lineSeparator()));
    }

    /** Why the saga stands where it does, to be put behind its phase. */
    static String reason(SagaState state) {
        return state.reasonCode() == null ? "" : " (%s: %s)".formatted(state.reasonCode(), state.reason());
    }

    /** Where the saga stands, in a line. */
    private static String words(SagaState state) {
        Pause pause = state.pause();
        String steps = state.steps().values().stream()
                .map(step -> step.name() + " " + step.status())
                .collect(Collectors.joining(", "));
        return "%s%s%s; %s"
                .formatted(
                        state.phase(),
                        reason(state),
                        pause == null ? "" : ", held by an operator (%s)".formatted(pause.reason()),
                        steps.isEmpty() ? "no step has begun" : steps);
    }

    /** A duration as people write it: {@code 1h 30m}, {@code 500ms}. */
    static String shortly(Duration time) {
        String text = (time.toDays() > 0 ? time.toDays() + "d " : "")
                + (time.toHoursPart() > 0 ? time.toHoursPart() + "h " : "")
                + (time.toMinutesPart() > 0 ? time.toMinutesPart() + "m " : "")
                + (time.toSecondsPart() > 0 ? time.toSecondsPart() + "s " : "")
                + (time.toMillisPart() > 0 ? time.toMillisPart() + "ms" : "");
        return text.isEmpty() ? "0s" : text.strip();
    }
}
