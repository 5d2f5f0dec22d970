package io.amends.spring.boot.autoconfigure.console;

import io.amends.dashboard.access.Masking;
import io.amends.dashboard.instance.SagaInspection;
import io.amends.dashboard.instance.SagaView;
import io.amends.dashboard.rest.ConsoleJson;
import io.amends.dashboard.stuck.AgeBucket;
import io.amends.dashboard.stuck.StuckCounts;
import io.amends.dashboard.stuck.StuckInbox;
import io.amends.dashboard.stuck.StuckQuery;
import io.amends.dashboard.stuck.StuckReason;
import io.amends.dashboard.stuck.StuckSaga;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** Stuck sagas by the actuator, masked as in the console; changes nothing. Safe for use by many threads. */
@Endpoint(id = "sagas", defaultAccess = Access.READ_ONLY)
final class SagasEndpoint {

    private static final TypeReference<Map<String, Object>> MEMBERS = new TypeReference<>() {};

    private final StuckInbox inbox;
    private final SagaInspection inspection;
    private final JsonMapper json;

    SagasEndpoint(StuckInbox inbox, SagaInspection inspection, Masking masking) {
        this.inbox = inbox;
        this.inspection = inspection;
        this.json = ConsoleJson.mapper(masking);
    }

    private record Stuck(
            long total,
            boolean isAll,
            @Nullable Instant oldest,
            Map<StuckReason, Long> byReason,
            Map<String, Long> byDefinition,
            Map<AgeBucket, Long> byAge,
            List<StuckSaga> sagas) {}

    private record One(SagaView saga, String explanation) {}

    /** How many are stuck, and those that are stuck longest. */
    @ReadOperation
    Map<String, Object> stuck() {
        StuckCounts counts = inbox.counts();
        return masked(new Stuck(
                counts.total(),
                counts.isAll(),
                counts.oldest(),
                counts.byReason(),
                counts.byDefinition(),
                counts.byAge(),
                inbox.page(StuckQuery.all()).sagas()));
    }

    /**
     * One saga, null if there is none with that id.
     *
     * @throws IllegalArgumentException if that is no id
     */
    @ReadOperation
    @Nullable
    Map<String, Object> saga(@Selector String id) {
        return inspection
                .withoutData(UUID.fromString(id))
                .map(saga -> masked(new One(saga, saga.explanation())))
                .orElse(null);
    }

    private Map<String, Object> masked(Object answer) {
        return json.convertValue(answer, MEMBERS);
    }
}
