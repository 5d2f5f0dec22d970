package io.amends.spring.boot.autoconfigure.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The properties of both starters; {@code PropertiesPageTest} lists them. */
class ConfigurationMetadataTest {

    @Test
    void every_property_is_known_to_editors_with_a_description() throws IOException {
        Map<String, String> descriptions = descriptions();

        assertThat(descriptions)
                .hasSizeGreaterThan(80)
                .allSatisfy((name, description) ->
                        assertThat(description).as(name).hasSizeGreaterThan(20).endsWith("."));
    }

    private static Map<String, String> descriptions() throws IOException {
        Map<String, String> descriptions = new TreeMap<>();
        ClassLoader loader = SagaProperties.class.getClassLoader();
        for (URL url : Collections.list(loader.getResources("META-INF/spring-configuration-metadata.json"))) {
            try (InputStream in = url.openStream()) {
                JsonNode properties = JsonMapper.shared().readTree(in).path("properties");
                for (JsonNode property : properties) {
                    String name = property.path("name").asString();
                    if (name.startsWith("saga.")) {
                        descriptions.put(name, property.path("description").asString(""));
                    }
                }
            }
        }
        return descriptions;
    }
}
