package io.amends.runtime.wire;

import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.introspect.BeanPropertyDefinition;
import tools.jackson.databind.json.JsonMapper;

/**
 * JSON through Jackson 3, without default typing. Properties and map entries are sorted, so that equal values give equal
 * bytes; unknown properties are ignored, so that a newer sender may add some.
 */
public final class JacksonPayloadCodec implements PayloadCodec {

    private final JsonMapper mapper;

    /** With a mapper of its own: the application's settings do not change what is on the wire. */
    public JacksonPayloadCodec() {
        this(JsonMapper.builder()
                .enable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
                // Otherwise a record's components stay in the order of its constructor, which is nobody's contract.
                .disable(MapperFeature.SORT_CREATOR_PROPERTIES_FIRST)
                .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
                .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .build());
    }

    /** With that mapper; it must not have default typing, and should sort properties. */
    public JacksonPayloadCodec(JsonMapper mapper) {
        this.mapper = mapper;
    }

    @Override
    public Optional<String> problemOf(Class<?> type) {
        return new JacksonTypeCheck(mapper).problemOf(type);
    }

    /** As annotations such as {@code @JsonProperty} and the mapper's naming strategy have it. */
    @Override
    public String writtenName(Class<?> type, String member) {
        return mapper
                ._serializationContext()
                .introspectBeanDescription(mapper.constructType(type))
                .findProperties()
                .stream()
                .filter(property -> property.getInternalName().equals(member))
                .map(BeanPropertyDefinition::getName)
                .findFirst()
                .orElse(member);
    }

    @Override
    public String contentType() {
        return "application/json";
    }

    @Override
    public byte[] encode(Object value) {
        try {
            return mapper.writeValueAsBytes(value);
        } catch (JacksonException trouble) {
            throw new PayloadException("A %s can't be written as JSON: %s"
                    .formatted(value.getClass().getName(), trouble.getOriginalMessage()));
        }
    }

    @Override
    public <T> T decode(byte[] bytes, Class<T> type) {
        T value;
        try {
            value = mapper.readValue(bytes, type);
        } catch (JacksonException trouble) {
            // Jackson's own text may quote the content, which must not reach a log.
            TokenStreamLocation place = trouble.getLocation();
            throw new PayloadException("%d bytes are not a %s in JSON: %s%s"
                    .formatted(
                            bytes.length,
                            type.getSimpleName(),
                            trouble.getClass().getSimpleName(),
                            place == null
                                    ? ""
                                    : " at line %d, column %d".formatted(place.getLineNr(), place.getColumnNr())));
        }
        if (value == null) {
            throw new PayloadException(
                    "%d bytes hold a JSON null where a %s is needed.".formatted(bytes.length, type.getSimpleName()));
        }
        return value;
    }
}
