package io.amends.spring.boot.autoconfigure.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.amends.dashboard.rest.ConsoleRoutes.Route;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The document says what the code does: every route and method, every parameter, and every member of what is sent and
 * answered, in both directions. After a change {@code target/openapi.json} is what it should be, with what the document
 * says in words kept.
 */
class OpenApiTest {

    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
    private static final Set<String> WORDS = Set.of("summary", "description", "tags");

    private static Shop shop;

    @BeforeAll
    static void start() {
        shop = Shop.open();
    }

    @AfterAll
    static void stop() {
        shop.close();
    }

    private static List<Route> api() {
        return shop.routes().stream()
                .filter(route -> route.path().startsWith("/api/v1"))
                .toList();
    }

    @Test
    void the_document_says_of_every_route_what_the_code_does() throws IOException {
        JsonNode told = shop.get("/api/v1/openapi.json").send().json();
        ObjectNode done = new RestSchema().of(api());

        Files.writeString(Path.of("target", "openapi.json"), JSON.writeValueAsString(merged(told, done)));

        assertThat(JSON.writeValueAsString(withoutWords(told.path("paths"))))
                .as("the paths of openapi.json; target/openapi.json has what they should be")
                .isEqualTo(JSON.writeValueAsString(withoutWords(done.path("paths"))));
        assertThat(JSON.writeValueAsString(withoutWords(told.path("components").path("schemas"))))
                .isEqualTo(JSON.writeValueAsString(
                        withoutWords(done.path("components").path("schemas"))));
    }

    @Test
    void every_route_says_in_a_sentence_what_it_is_for() {
        JsonNode paths = shop.get("/api/v1/openapi.json").send().json().path("paths");

        paths.properties()
                .forEach(path -> path.getValue()
                        .properties()
                        .forEach(operation -> assertThat(
                                        operation.getValue().path("summary").asString(""))
                                .as(operation.getKey() + " " + path.getKey())
                                .hasSizeGreaterThan(10)
                                .endsWith(".")));
    }

    private static JsonNode merged(JsonNode told, ObjectNode done) {
        ObjectNode document = told instanceof ObjectNode known ? known.deepCopy() : JSON.createObjectNode();
        document.set("paths", worded(told.path("paths"), done.path("paths")));
        document.withObject("/components")
                .set(
                        "schemas",
                        worded(
                                told.path("components").path("schemas"),
                                done.path("components").path("schemas")));
        return document;
    }

    /** What was done, with the words that were told. */
    private static JsonNode worded(JsonNode told, JsonNode done) {
        if (!(done instanceof ObjectNode object)) {
            return done;
        }
        ObjectNode both = JSON.createObjectNode();
        if (told instanceof ObjectNode known) {
            known.properties().stream()
                    .filter(field ->
                            WORDS.contains(field.getKey()) && field.getValue().isString())
                    .forEach(field -> both.set(field.getKey(), field.getValue()));
        }
        object.properties()
                .forEach(field -> both.set(field.getKey(), worded(told.path(field.getKey()), field.getValue())));
        return both;
    }

    private static JsonNode withoutWords(JsonNode node) {
        if (node instanceof ArrayNode array) {
            ArrayNode all = JSON.createArrayNode();
            array.forEach(element -> all.add(withoutWords(element)));
            return all;
        }
        if (!(node instanceof ObjectNode object)) {
            return node;
        }
        ObjectNode plain = JSON.createObjectNode();
        object.properties().stream()
                .filter(field ->
                        !(WORDS.contains(field.getKey()) && field.getValue().isString()))
                .sorted(Map.Entry.comparingByKey())
                .forEach(field -> plain.set(field.getKey(), withoutWords(field.getValue())));
        return plain;
    }
}
