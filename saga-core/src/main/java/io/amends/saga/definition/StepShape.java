package io.amends.saga.definition;

import io.amends.saga.MessageTypes;
import io.amends.saga.StepKind;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What running instances depend on of a step, in words: a line of {@link Fingerprint#text}. Can be read from that text where
 * no process has the definition any more. Immutable.
 *
 * @param position 1 for the steps that begin first, 2 for those that follow; the same for parallel steps
 * @param name the step's name
 * @param kind compensatable, pivot or retriable
 * @param action what it does: a command's logical type and whom it goes to, a signal, or local work
 * @param compensation what undoes it, likewise; {@code none} for nothing
 * @param takes the logical types of the replies that are taken into the data
 */
public record StepShape(int position, String name, StepKind kind, String action, String compensation, String takes) {

    private static final String NOTHING = "none";
    private static final String LOCAL = "local";
    private static final String SIGNAL = "a signal with ";
    private static final Pattern LINE =
            Pattern.compile("(\\d{1,9}) (\\S+) ([A-Z]+): (.+); compensation: (.+); takes \\[(.*)]");

    /** The steps of that definition, in order. */
    public static List<StepShape> of(SagaDefinition definition) {
        return of(definition.steps());
    }

    static List<StepShape> of(List<StepDefinition> steps) {
        List<Integer> orders =
                steps.stream().map(StepDefinition::order).distinct().sorted().toList();
        return steps.stream()
                .sorted(Comparator.comparingInt(StepDefinition::order).thenComparing(StepDefinition::name))
                .map(step -> new StepShape(
                        orders.indexOf(step.order()) + 1,
                        step.name(),
                        step.kind(),
                        words(step.action()),
                        words(step.compensation()),
                        String.join(
                                ", ",
                                step.replyHandlers().stream()
                                        .map(handler -> MessageTypes.nameOf(handler.replyType()))
                                        .sorted()
                                        .toList())))
                .toList();
    }

    /** The steps that a {@link Fingerprint#text} tells of; empty if it is none. */
    public static Optional<List<StepShape>> read(String fingerprintText) {
        List<String> lines = fingerprintText.lines().skip(1).toList();
        List<StepShape> steps = lines.stream()
                .map(LINE::matcher)
                .filter(Matcher::matches)
                .map(StepShape::of)
                .toList();
        return steps.isEmpty() || steps.size() < lines.size() ? Optional.empty() : Optional.of(steps);
    }

    private static StepShape of(Matcher line) {
        return new StepShape(
                Integer.parseInt(line.group(1)),
                line.group(2),
                StepKind.valueOf(line.group(3)),
                line.group(4),
                line.group(5),
                line.group(6));
    }

    /** The line of {@link Fingerprint#text}. */
    String line() {
        return "%d %s %s: %s; compensation: %s; takes [%s]"
                .formatted(position, name, kind, action, compensation, takes);
    }

    /** Kind, action and compensation: what an effect and the way back from it hang on. */
    public String does() {
        return "%s: %s; compensation: %s".formatted(kind, action, compensation);
    }

    /** Whether something undoes it. */
    public boolean isUndone() {
        return !compensation.equals(NOTHING);
    }

    /** Whether it runs in the orchestrator's transaction. */
    public boolean isLocal() {
        return action.equals(LOCAL);
    }

    /** Whether it waits for somebody's word. */
    public boolean isSignal() {
        return action.startsWith(SIGNAL);
    }

    private static String words(@Nullable StepAction action) {
        if (action == null) {
            return NOTHING;
        }
        if (action instanceof StepAction.Remote remote) {
            return "%s to %s%s"
                    .formatted(
                            remote.commandType() == null ? "a command" : MessageTypes.nameOf(remote.commandType()),
                            remote.participant() == null ? "its address" : remote.participant(),
                            remote.starts() == null
                                    ? ""
                                    : " starts " + remote.starts().saga());
        }
        return action instanceof StepAction.Await await ? SIGNAL + MessageTypes.nameOf(await.replyType()) : LOCAL;
    }
}
