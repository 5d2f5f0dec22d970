package io.amends.spring.boot.autoconfigure.reference;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The properties of both starters, as tables from their configuration metadata. */
final class PropertyTables {

    private static final String METADATA = "META-INF/spring-configuration-metadata.json";
    private static final String PREFIX = "saga.";
    private static final String OUTBOX_STARTER = "saga-outbox-spring-boot-starter";

    /** Where a group's properties are explained, as seen from docs/reference. */
    private static final Map<String, String> EXPLAINED = Map.of(
            "saga.outbox", "[appending](../outbox.md#appending)",
            "saga.relay", "[the relay](../outbox.md#several-relays)",
            "saga.inbox", "[the inbox](../outbox.md)",
            "saga.flow", "[flow control](../flow-control.md)",
            "saga.twopc", "[two-phase commit](../two-phase-commit.md)",
            "saga.console", "[the console](../console.md)");

    private PropertyTables() {}

    private record Property(
            String name, String type, String defaultValue, String description, boolean alsoWithoutSagas) {

        /** {@code saga.relay} of {@code saga.relay.lanes}; {@code saga} of what has no group. */
        String group() {
            String[] words = name.split("\\.", 3);
            return words.length < 3 ? words[0] : words[0] + "." + words[1];
        }

        String row() {
            return "| `%s` | %s | %s | %s |\n".formatted(name, type, defaultValue, description.replace("|", "\\|"));
        }
    }

    /** The whole generated part of the page. */
    static String asPage() throws IOException {
        List<Property> all = all();
        return "## In both starters\n\n%s## In saga-spring-boot-starter only\n\n%s"
                .formatted(
                        tables(all.stream().filter(Property::alsoWithoutSagas)),
                        tables(all.stream().filter(property -> !property.alsoWithoutSagas())))
                .stripTrailing()
                .concat("\n");
    }

    private static String tables(Stream<Property> properties) {
        Map<String, List<Property>> groups =
                properties.collect(Collectors.groupingBy(Property::group, TreeMap::new, Collectors.toList()));
        StringBuilder text = new StringBuilder();
        groups.forEach((group, members) -> {
            text.append("### `%s`\n\n".formatted(group));
            if (EXPLAINED.containsKey(group)) {
                text.append("See %s.\n\n".formatted(EXPLAINED.get(group)));
            }
            text.append("| property | type | default | meaning |\n|---|---|---|---|\n");
            members.forEach(member -> text.append(member.row()));
            text.append('\n');
        });
        return text.toString();
    }

    private static List<Property> all() throws IOException {
        List<Property> all = new ArrayList<>();
        for (URL url : Collections.list(PropertyTables.class.getClassLoader().getResources(METADATA))) {
            try (InputStream in = url.openStream()) {
                for (JsonNode property : JsonMapper.shared().readTree(in).path("properties")) {
                    String name = property.path("name").asString();
                    if (name.startsWith(PREFIX)) {
                        all.add(new Property(
                                name,
                                type(property.path("type").asString()),
                                defaultValue(property.path("defaultValue")),
                                property.path("description").asString(""),
                                url.toString().contains(OUTBOX_STARTER)));
                    }
                }
            }
        }
        all.sort(Comparator.comparing(Property::name));
        return all;
    }

    private static String defaultValue(JsonNode value) {
        if (value.isMissingNode() || value.isNull()) {
            return "none";
        }
        if (value.isArray()) {
            return StreamSupport.stream(value.spliterator(), false)
                    .map(element -> "`" + element.asString() + "`")
                    .collect(Collectors.joining(", "));
        }
        return "`" + value.asString() + "`";
    }

    /** What a reader may write, instead of the name of a class. */
    private static String type(String name) {
        if (name.startsWith("java.util.Map<")) {
            return "map by name";
        }
        return switch (name.substring(name.lastIndexOf('.') + 1).replace(">", "")) {
            case "Boolean" -> "true or false";
            case "Integer", "Short", "Long" -> "number";
            case "Double" -> "fraction";
            case "Duration" -> "time, `10s`";
            case "DataSize" -> "size, `1MB`";
            case "URI" -> "address";
            case "String" -> name.startsWith("java.util.") ? "list" : "text";
            default -> choices(name);
        };
    }

    private static String choices(String name) {
        try {
            Object[] constants = Class.forName(name).getEnumConstants();
            if (constants != null) {
                return Stream.of(constants)
                        .map(constant -> ((Enum<?>) constant).name().toLowerCase(Locale.ROOT))
                        .map(word -> "`" + word.replace('_', '-') + "`")
                        .collect(Collectors.joining(" or "));
            }
        } catch (ClassNotFoundException unknown) {
            throw new IllegalStateException("no class " + name + ", which a property has as its type", unknown);
        }
        throw new IllegalStateException(
                "docs/reference/properties.md has no word for the type " + name + "; add one to PropertyTables.type");
    }
}
