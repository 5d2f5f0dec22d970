package io.amends.runtime.orchestrator;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** Search attributes as the column and its conditions have them: one JSON object of texts. */
final class AttributesJson {

    private static final JsonMapper MAPPER = new JsonMapper();
    private static final TypeReference<TreeMap<String, String>> TEXTS = new TypeReference<>() {};

    private AttributesJson() {}

    static @Nullable String write(@Nullable Map<String, String> attributes) {
        return attributes == null ? null : MAPPER.writeValueAsString(attributes);
    }

    static Map<String, String> read(@Nullable String json) {
        return json == null ? Map.of() : MAPPER.readValue(json, TEXTS);
    }
}
