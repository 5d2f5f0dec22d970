package io.amends.saga.definition;

import io.amends.saga.MessageTypes;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A hash of everything in a definition that running instances depend on: names, positions, kinds, participants and
 * logical message types. Class and method names, the order of declaration, timeouts, hooks and search attributes do not count; nor do the
 * numbers that stand for the positions, so that 1, 2, 3 may become 10, 20, 30.
 */
public final class Fingerprint {

    private Fingerprint() {}

    static String of(String name, int version, List<StepDefinition> steps) {
        try {
            byte[] text = text(name, version, steps).getBytes(StandardCharsets.UTF_8);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("Every Java platform has SHA-256.", impossible);
        }
    }

    /** What is hashed, a line a step: for showing what changed. */
    public static String text(SagaDefinition definition) {
        return text(definition.name(), definition.version(), definition.steps());
    }

    private static String text(String name, int version, List<StepDefinition> steps) {
        List<Integer> orders =
                steps.stream().map(StepDefinition::order).distinct().sorted().toList();
        return steps.stream()
                .sorted(Comparator.comparingInt(StepDefinition::order).thenComparing(StepDefinition::name))
                .map(step -> "%d %s %s: %s; compensation: %s; takes %s"
                        .formatted(
                                orders.indexOf(step.order()) + 1,
                                step.name(),
                                step.kind(),
                                text(step.action()),
                                text(step.compensation()),
                                step.replyHandlers().stream()
                                        .map(handler -> MessageTypes.nameOf(handler.replyType()))
                                        .sorted()
                                        .toList()))
                .collect(Collectors.joining(
                        "\n", "%s v%d%n".formatted(name, version).replace("\r", ""), "\n"));
    }

    private static String text(@Nullable StepAction action) {
        if (action == null) {
            return "none";
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
        return action instanceof StepAction.Await await
                ? "a signal with " + MessageTypes.nameOf(await.replyType())
                : "local";
    }
}
