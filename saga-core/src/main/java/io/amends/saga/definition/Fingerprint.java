package io.amends.saga.definition;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;

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
        return StepShape.of(steps).stream()
                .map(StepShape::line)
                .collect(Collectors.joining(
                        "\n", "%s v%d%n".formatted(name, version).replace("\r", ""), "\n"));
    }
}
