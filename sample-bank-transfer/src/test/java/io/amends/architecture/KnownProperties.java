package io.amends.architecture;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.ByteArrayResource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The properties that the metadata of the starters, and of Spring Boot, knows. */
final class KnownProperties {

    private static final String METADATA = "META-INF/spring-configuration-metadata.json";

    private final Set<String> names = new TreeSet<>();
    private final Set<String> maps = new TreeSet<>();

    /** Those of everything on the class path. */
    static KnownProperties ofClassPath() throws IOException {
        KnownProperties known = new KnownProperties();
        for (URL url : Collections.list(KnownProperties.class.getClassLoader().getResources(METADATA))) {
            try (InputStream stream = url.openStream()) {
                for (JsonNode property : new JsonMapper().readTree(stream).path("properties")) {
                    String name = property.path("name").asString();
                    known.names.add(name);
                    if (property.path("type").asString("").startsWith("java.util.Map")) {
                        known.maps.add(name);
                    }
                }
            }
        }
        return known;
    }

    /** Our own. */
    Set<String> ofSagas() {
        return names.stream().filter(name -> name.startsWith("saga.")).collect(Collectors.toCollection(TreeSet::new));
    }

    /** The keys of such a block of a page that nobody knows. */
    List<String> unknownIn(MarkdownPage.Block block) {
        Set<String> keys = block.language().equals("properties") ? keysOfLines(block.code()) : keysOfYaml(block.code());
        return keys.stream().filter(key -> !isKnown(key)).toList();
    }

    private boolean isKnown(String key) {
        String bare = key.replaceAll("\\[\\d+]$", "");
        return names.contains(bare)
                || maps.stream().anyMatch(map -> bare.startsWith(map + ".") || bare.startsWith(map + "["));
    }

    private static Set<String> keysOfLines(String code) {
        return code.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                .map(line -> line.substring(0, Math.max(0, line.indexOf('='))).strip())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> keysOfYaml(String code) {
        try {
            Set<String> keys = new TreeSet<>();
            for (PropertySource<?> source :
                    new YamlPropertySourceLoader().load("block", new ByteArrayResource(code.getBytes()))) {
                keys.addAll(List.of(((EnumerablePropertySource<?>) source).getPropertyNames()));
            }
            return keys;
        } catch (IOException | RuntimeException unreadable) {
            return Set.of("(not YAML: " + unreadable.getMessage() + ")");
        }
    }
}
