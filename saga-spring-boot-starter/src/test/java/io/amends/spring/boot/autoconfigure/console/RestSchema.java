package io.amends.spring.boot.autoconfigure.console;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.amends.dashboard.rest.ConsoleRoutes.Route;
import io.amends.dashboard.rest.Verbatim;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ValueConstants;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What the code says of the interface, as OpenAPI 3.1 has it; without descriptions. For one document. */
final class RestSchema {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Map<String, JsonNode> schemas = new TreeMap<>();
    private final Map<String, Class<?>> named = new TreeMap<>();

    /** The paths and schemas of those routes. */
    ObjectNode of(Collection<Route> routes) {
        ObjectNode paths = JSON.createObjectNode();
        for (Route route : routes) {
            String path = route.path().replaceFirst("^/api/v1", "");
            ObjectNode at = paths.has(path) ? (ObjectNode) paths.get(path) : paths.putObject(path);
            at.set(route.method().toLowerCase(Locale.ROOT), operation(route));
        }
        ObjectNode document = JSON.createObjectNode();
        document.set("paths", paths);
        ObjectNode all = document.putObject("components").putObject("schemas");
        schemas.forEach(all::set);
        return document;
    }

    private ObjectNode operation(Route route) {
        Method method = route.handler();
        ObjectNode operation = JSON.createObjectNode();
        operation.put("operationId", operationId(route));
        operation.put("x-permission", String.valueOf(route.permission()));
        ArrayNode parameters = JSON.createArrayNode();
        for (Parameter parameter : method.getParameters()) {
            if (parameter.isAnnotationPresent(RequestBody.class)) {
                operation
                        .putObject("requestBody")
                        .put("required", true)
                        .putObject("content")
                        .putObject("application/json")
                        .set("schema", schema(parameter.getAnnotatedType()));
            } else if (Map.class != parameter.getType()) {
                parameter(parameter, parameters);
            }
        }
        if (!parameters.isEmpty()) {
            operation.set("parameters", parameters);
        }
        ObjectNode ok = operation.putObject("responses").putObject("2XX");
        AnnotatedType returned = method.getAnnotatedReturnType();
        if (returned.getType() instanceof ParameterizedType generic && generic.getRawType() == ResponseEntity.class) {
            returned = ((AnnotatedParameterizedType) returned).getAnnotatedActualTypeArguments()[0];
        }
        if (returned.getType() instanceof Class<?> type && type.isRecord()) {
            ok.putObject("content").putObject("application/json").set("schema", schema(returned));
        }
        return operation;
    }

    private static String operationId(Route route) {
        String name = route.handler().getDeclaringClass().getSimpleName().replace("Controller", "");
        return name.substring(0, 1).toLowerCase(Locale.ROOT)
                + name.substring(1)
                + "-"
                + route.handler().getName();
    }

    private void parameter(Parameter parameter, ArrayNode to) {
        PathVariable path = parameter.getAnnotation(PathVariable.class);
        RequestParam query = parameter.getAnnotation(RequestParam.class);
        RequestHeader header = parameter.getAnnotation(RequestHeader.class);
        if (path != null) {
            to.add(parameter(parameter, path.name(), "path", true));
        } else if (query != null) {
            boolean required = query.required() && query.defaultValue().equals(ValueConstants.DEFAULT_NONE);
            to.add(parameter(parameter, query.name(), "query", required));
        } else if (header != null) {
            to.add(parameter(parameter, header.name(), "header", header.required()));
        }
    }

    private ObjectNode parameter(Parameter parameter, String name, String in, boolean required) {
        ObjectNode node = JSON.createObjectNode();
        node.put("name", name.isEmpty() ? parameter.getName() : name)
                .put("in", in)
                .put("required", required);
        node.set("schema", schema(parameter.getType()));
        return node;
    }

    private JsonNode schema(AnnotatedType annotated) {
        JsonNode plain = schema(annotated.getType());
        if (!annotated.isAnnotationPresent(Nullable.class)) {
            return plain;
        }
        ObjectNode either = JSON.createObjectNode();
        if (plain.path("type").isString() && !plain.has("enum")) {
            either.setAll((ObjectNode) plain);
            either.putArray("type").add(plain.get("type").stringValue()).add("null");
            return either;
        }
        either.putArray("anyOf").add(plain).addObject().put("type", "null");
        return either;
    }

    private JsonNode schema(Type type) {
        ObjectNode node = JSON.createObjectNode();
        if (type instanceof ParameterizedType generic) {
            Class<?> raw = (Class<?>) generic.getRawType();
            Type[] arguments = generic.getActualTypeArguments();
            if (Collection.class.isAssignableFrom(raw)) {
                node.put("type", "array").set("items", schema(arguments[0]));
            } else if (Map.class.isAssignableFrom(raw)) {
                node.put("type", "object");
                if (arguments[0] != String.class) {
                    node.set("propertyNames", schema(arguments[0]));
                }
                node.set("additionalProperties", schema(arguments[1]));
            } else {
                throw new IllegalStateException("Not known: " + type);
            }
            return node;
        }
        Class<?> known = (Class<?>) type;
        if (known.isRecord() && known != Verbatim.class) {
            return reference(known);
        }
        if (known.isEnum()) {
            ArrayNode names = node.put("type", "string").putArray("enum");
            Stream.of(known.getEnumConstants()).map(Object::toString).forEach(names::add);
            return node;
        }
        if (known == String.class || known == Verbatim.class) {
            return node.put("type", "string");
        }
        if (known == UUID.class) {
            return node.put("type", "string").put("format", "uuid");
        }
        if (known == Instant.class) {
            return node.put("type", "string").put("format", "date-time");
        }
        if (known == Duration.class) {
            return node.put("type", "integer").put("description", "Milliseconds.");
        }
        if (known == boolean.class || known == Boolean.class) {
            return node.put("type", "boolean");
        }
        if (known == double.class || known == Double.class) {
            return node.put("type", "number");
        }
        if (known == int.class || known == Integer.class || known == long.class || known == Long.class) {
            return node.put("type", "integer");
        }
        if (known == JsonNode.class) {
            return node;
        }
        throw new IllegalStateException("Not known: " + type);
    }

    private JsonNode reference(Class<?> type) {
        String name = type.getSimpleName();
        Class<?> before = named.putIfAbsent(name, type);
        if (before == null) {
            ObjectNode schema = JSON.createObjectNode();
            schema.put("type", "object");
            ObjectNode properties = JSON.createObjectNode();
            members(type, properties);
            boolean isRequest = name.endsWith("Request");
            if (!isRequest) {
                ArrayNode required = schema.putArray("required");
                properties.propertyNames().forEach(required::add);
            } else {
                schema.put("additionalProperties", false);
            }
            schema.set("properties", properties);
            schemas.put(name, schema);
        } else if (before != type) {
            throw new IllegalStateException("%s and %s have the same name in openapi.json.".formatted(before, type));
        }
        return JSON.createObjectNode().put("$ref", "#/components/schemas/" + name);
    }

    private void members(Class<?> type, ObjectNode properties) {
        for (RecordComponent component : type.getRecordComponents()) {
            if (component.getAccessor().isAnnotationPresent(JsonUnwrapped.class)) {
                members(component.getType(), properties);
            } else {
                properties.set(component.getName(), schema(component.getAnnotatedType()));
            }
        }
    }
}
