package io.amends.spring.boot.autoconfigure.outbox;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The settings {@code saga.*} that the modules on the class path have, from the metadata that they bring for editors. None are
 * known where the metadata is missing, as in a native image. Immutable.
 */
final class KnownSettings {

    private static final String METADATA = "META-INF/spring-configuration-metadata.json";
    private static final Pattern ENTRY =
            Pattern.compile("\"name\"\\s*:\\s*\"(saga\\.[^\"]+)\",\\s*\"type\"\\s*:\\s*\"([^\"]+)\"");

    private final Map<String, String> names;
    private final List<String> maps;

    private KnownSettings(Map<String, String> names, List<String> maps) {
        this.names = names;
        this.maps = maps;
    }

    static KnownSettings of(ClassLoader loader) throws IOException {
        Map<String, String> names = new TreeMap<>();
        List<String> maps = new ArrayList<>();
        for (URL place : Collections.list(loader.getResources(METADATA))) {
            try (InputStream in = place.openStream()) {
                Matcher entry = ENTRY.matcher(new String(in.readAllBytes(), StandardCharsets.UTF_8));
                while (entry.find()) {
                    names.put(uniform(entry.group(1)), entry.group(1));
                    if (entry.group(2).startsWith("java.util.Map")) {
                        maps.add(uniform(entry.group(1)) + ".");
                    }
                }
            }
        }
        return new KnownSettings(names, maps);
    }

    /** Whether nothing would be bound to it. */
    boolean lacks(String property) {
        String name = uniform(property.replaceAll("\\[.*", ""));
        return !names.isEmpty() && !names.containsKey(name) && maps.stream().noneMatch(name::startsWith);
    }

    /** The setting that was probably meant, if one is written almost like it. */
    Optional<String> nearest(String property) {
        String name = uniform(property);
        return names.keySet().stream()
                .filter(known -> distance(name, known) <= Math.max(2, name.length() / 10))
                .min((one, other) -> Integer.compare(distance(name, one), distance(name, other)))
                .map(names::get);
    }

    /** Spring Boot takes dashes, underscores and capitals as the same. */
    private static String uniform(String name) {
        return name.toLowerCase(Locale.ROOT).replace("-", "").replace("_", "");
    }

    private static int distance(String one, String other) {
        int[] row = new int[other.length() + 1];
        for (int j = 0; j <= other.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= one.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= other.length(); j++) {
                int swapped = diagonal + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(swapped, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[other.length()];
    }
}
