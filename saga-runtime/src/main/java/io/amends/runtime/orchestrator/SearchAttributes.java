package io.amends.runtime.orchestrator;

import io.amends.outbox.failure.ErrorText;
import io.amends.saga.definition.AttributeDefinition;
import io.amends.saga.definition.SagaDefinition;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Calls what a saga declares to find its instances by. */
final class SearchAttributes {

    private static final Logger log = LoggerFactory.getLogger(SearchAttributes.class);

    private SearchAttributes() {}

    /**
     * Of a new instance; null for none.
     *
     * @throws IllegalStateException if one of them can't be told
     */
    static @Nullable Map<String, String> ofNew(SagaDefinition definition, Object data) {
        Map<String, String> values = new TreeMap<>();
        for (AttributeDefinition attribute : definition.attributes()) {
            try {
                attribute.value().apply(data).ifPresent(text -> values.put(attribute.name(), text));
            } catch (RuntimeException | AssertionError | LinkageError | StackOverflowError thrown) {
                throw new IllegalStateException(
                        "Saga '%s' can't start: its search attribute '%s' can't be told: %s. Nothing was stored."
                                .formatted(definition.name(), attribute.name(), ErrorText.of(thrown)),
                        thrown);
            }
        }
        return values.isEmpty() ? null : values;
    }

    /**
     * After a change of the data; null if they stay as they are. One that can't be told keeps its value: a saga does not
     * stop because it can't be found.
     */
    static @Nullable Map<String, String> changed(
            SagaDefinition definition, UUID sagaId, Object data, Map<String, String> before) {
        Map<String, String> values = new TreeMap<>();
        for (AttributeDefinition attribute : definition.attributes()) {
            try {
                attribute.value().apply(data).ifPresent(text -> values.put(attribute.name(), text));
            } catch (RuntimeException | AssertionError | LinkageError | StackOverflowError thrown) {
                log.warn(
                        "Saga {} ({}): its search attribute '{}' stays as it was, because it can't be told: {}",
                        sagaId,
                        definition.name(),
                        attribute.name(),
                        ErrorText.kind(thrown));
                String known = before.get(attribute.name());
                if (known != null) {
                    values.put(attribute.name(), known);
                }
            }
        }
        return values.equals(before) ? null : values;
    }
}
