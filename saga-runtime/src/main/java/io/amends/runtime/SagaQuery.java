package io.amends.runtime;

import io.amends.saga.definition.AttributeDefinition;
import io.amends.saga.engine.ReasonCode;
import io.amends.saga.engine.SagaPhase;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Which instances to look for: all conditions that are set must hold. Immutable; begin with {@link #all()}.
 *
 * @param sagaName the definition's name, null for any
 * @param version the definition's version, null for any
 * @param key the business key, null for any
 * @param phases where they stand, empty for anywhere
 * @param openStep a step that they wait at: its action or compensation is open, unknown or failed; null for any
 * @param reasonCode why they are stuck or turned back, null for any
 * @param messageId a reply that their history names, null for any
 * @param olderThan how long ago they were started at least, null for any time
 * @param attributes values of search attributes that they have, all of them; empty for any
 * @param after only instances with a greater id, which were started later: the last of the page before; null for the first
 * @param most how many at most, from 1 to 1000
 */
public record SagaQuery(
        @Nullable String sagaName,
        @Nullable Integer version,
        @Nullable String key,
        Set<SagaPhase> phases,
        @Nullable String openStep,
        @Nullable ReasonCode reasonCode,
        @Nullable UUID messageId,
        @Nullable Duration olderThan,
        Map<String, String> attributes,
        @Nullable UUID after,
        int most) {

    private static final int MOST = 1000;

    public SagaQuery {
        phases = Set.copyOf(phases);
        attributes = Map.copyOf(attributes);
        if (most < 1 || most > MOST) {
            throw new IllegalArgumentException("A page has 1 to %d sagas, not %d.".formatted(MOST, most));
        }
    }

    /** Every instance, a hundred at a time. */
    public static SagaQuery all() {
        return new SagaQuery(null, null, null, Set.of(), null, null, null, null, Map.of(), null, 100);
    }

    /** Of that definition. */
    public SagaQuery of(String name) {
        return new SagaQuery(
                name, version, key, phases, openStep, reasonCode, messageId, olderThan, attributes, after, most);
    }

    /** Of that version of a definition. */
    public SagaQuery of(String name, int number) {
        return new SagaQuery(
                name, number, key, phases, openStep, reasonCode, messageId, olderThan, attributes, after, most);
    }

    /** With that business key. */
    public SagaQuery withKey(String value) {
        return new SagaQuery(
                sagaName, version, value, phases, openStep, reasonCode, messageId, olderThan, attributes, after, most);
    }

    /** In one of those phases. */
    public SagaQuery in(SagaPhase... some) {
        return new SagaQuery(
                sagaName,
                version,
                key,
                Set.of(some),
                openStep,
                reasonCode,
                messageId,
                olderThan,
                attributes,
                after,
                most);
    }

    /** Waiting at that step. */
    public SagaQuery at(String step) {
        return new SagaQuery(
                sagaName, version, key, phases, step, reasonCode, messageId, olderThan, attributes, after, most);
    }

    /** With that reason. */
    public SagaQuery because(ReasonCode code) {
        return new SagaQuery(
                sagaName, version, key, phases, openStep, code, messageId, olderThan, attributes, after, most);
    }

    /** Whose history names that message. */
    public SagaQuery withMessage(UUID id) {
        return new SagaQuery(
                sagaName, version, key, phases, openStep, reasonCode, id, olderThan, attributes, after, most);
    }

    /** Started that long ago or longer. */
    public SagaQuery olderThan(Duration age) {
        return new SagaQuery(
                sagaName, version, key, phases, openStep, reasonCode, messageId, age, attributes, after, most);
    }

    /**
     * Whose search attribute has that value; of several, all must.
     *
     * @param value what the saga's {@code @SearchAttribute} method returned
     * @throws IllegalArgumentException if no search attribute can have that value
     */
    public SagaQuery attribute(String name, Object value) {
        Map<String, String> more = new HashMap<>(attributes);
        more.put(
                name,
                AttributeDefinition.text(value)
                        .orElseThrow(() -> new IllegalArgumentException(
                                "Nothing is not a value to look for; search attribute '%s' needs one."
                                        .formatted(name))));
        return new SagaQuery(
                sagaName, version, key, phases, openStep, reasonCode, messageId, olderThan, more, after, most);
    }

    /** The page behind that instance, of that size. */
    public SagaQuery page(@Nullable UUID behind, int size) {
        return new SagaQuery(
                sagaName, version, key, phases, openStep, reasonCode, messageId, olderThan, attributes, behind, size);
    }
}
