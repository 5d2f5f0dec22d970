package io.amends.spring.boot.autoconfigure.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.amends.dashboard.verbs.ConsoleVerb;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.util.ClassUtils;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What editors know of the properties of both starters; {@code PropertiesPageTest} lists them. */
class ConfigurationMetadataTest {

    /** Names and addresses that only the application knows: there is nothing to propose. */
    private static final Set<String> FREE_TEXT = Set.of(
            "saga.console.currency-attribute",
            "saga.console.money-attribute",
            "saga.console.runbook-base",
            "saga.console.tenant.all-authority",
            "saga.console.tenant.attribute",
            "saga.console.tenant.authority-prefix",
            "saga.console.url",
            "saga.console.webhook.secret",
            "saga.security.encryption.key-id",
            "saga.security.signature.key-id",
            "saga.twopc.coordinator",
            "saga.twopc.endpoint.secret",
            "saga.twopc.installation");

    private static final Map<String, JsonNode> PROPERTIES = new TreeMap<>();
    private static final Map<String, JsonNode> HINTS = new TreeMap<>();

    @BeforeAll
    static void read() throws IOException {
        ClassLoader loader = SagaProperties.class.getClassLoader();
        for (URL url : Collections.list(loader.getResources("META-INF/spring-configuration-metadata.json"))) {
            try (InputStream in = url.openStream()) {
                JsonNode metadata = JsonMapper.shared().readTree(in);
                collect(metadata.path("properties"), PROPERTIES);
                collect(metadata.path("hints"), HINTS);
            }
        }
    }

    private static void collect(JsonNode entries, Map<String, JsonNode> byName) {
        for (JsonNode entry : entries) {
            String name = entry.path("name").asString();
            if (name.startsWith("saga.")) {
                byName.put(name, entry);
            }
        }
    }

    @Test
    void every_property_is_known_to_editors_with_a_description() {
        assertThat(PROPERTIES)
                .hasSizeGreaterThan(80)
                .allSatisfy((name, property) -> assertThat(
                                property.path("description").asString(""))
                        .as(name)
                        .hasSizeGreaterThan(20)
                        .endsWith("."));
    }

    @Test
    void whatever_has_a_few_words_for_values_proposes_just_these() {
        Map<String, List<String>> words = new TreeMap<>();
        PROPERTIES.forEach((name, property) -> {
            Object[] constants = enumOf(property);
            if (constants != null) {
                words.put(
                        name,
                        Arrays.stream(constants)
                                .map(constant -> constant.toString()
                                        .toLowerCase(Locale.ROOT)
                                        .replace('_', '-'))
                                .toList());
            }
        });
        words.put(
                "saga.console.four-eyes",
                Stream.concat(ConsoleVerb.NAMES.stream(), Stream.of("bulk")).toList());

        assertThat(words).hasSizeGreaterThan(6).allSatisfy((name, values) -> {
            assertThat(HINTS).containsKey(name);
            assertThat(valuesOf(HINTS.get(name))).as(name).containsExactlyInAnyOrderElementsOf(values);
            assertThat(HINTS.get(name).has("providers"))
                    .as("%s takes other values", name)
                    .isFalse();
        });
    }

    @Test
    void a_text_or_a_list_proposes_values_or_is_known_to_be_free() {
        Set<String> without = PROPERTIES.entrySet().stream()
                .filter(property -> isText(property.getValue().path("type").asString()))
                .map(Map.Entry::getKey)
                .filter(name -> !HINTS.containsKey(name))
                .collect(Collectors.toSet());

        assertThat(without).isEqualTo(FREE_TEXT);
    }

    @Test
    void a_time_of_which_zero_means_for_ever_proposes_it() {
        Set<String> withZero = PROPERTIES.entrySet().stream()
                .filter(property ->
                        property.getValue().path("description").asString().contains("; zero for "))
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());

        assertThat(withZero).hasSize(3).allSatisfy(name -> {
            assertThat(HINTS).containsKey(name);
            assertThat(valuesOf(HINTS.get(name))).as(name).contains("0s");
        });
    }

    @Test
    void each_hint_is_of_a_property_and_says_what_its_values_mean() {
        assertThat(PROPERTIES).containsKeys(HINTS.keySet().toArray(String[]::new));
        assertThat(HINTS).allSatisfy((name, hint) -> {
            assertThat(hint.path("values")).as(name).isNotEmpty();
            for (JsonNode value : hint.path("values")) {
                assertThat(value.path("description").asString("")).as(name).endsWith(".");
            }
        });
    }

    private static boolean isText(String type) {
        return type.equals("java.lang.String") || type.matches("java\\.util\\.(List|Set)<java\\.lang\\.String>");
    }

    private static Object @Nullable [] enumOf(JsonNode property) {
        String type = property.path("type").asString();
        return type.startsWith("io.amends.")
                ? ClassUtils.resolveClassName(type, SagaProperties.class.getClassLoader())
                        .getEnumConstants()
                : null;
    }

    private static List<String> valuesOf(JsonNode hint) {
        return hint.path("values")
                .valueStream()
                .map(value -> value.path("value").asString())
                .toList();
    }
}
