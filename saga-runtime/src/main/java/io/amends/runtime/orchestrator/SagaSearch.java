package io.amends.runtime.orchestrator;

import io.amends.runtime.SagaQuery;
import io.amends.runtime.sql.Arguments;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcOperations;

/** Finds the ids of instances; one statement, put together from constant conditions only. Safe for use by many threads. */
final class SagaSearch {

    private final JdbcOperations jdbc;

    SagaSearch(JdbcOperations jdbc) {
        this.jdbc = jdbc;
    }

    /** The instances' ids in the order in which they were started, no more than the query allows. */
    List<UUID> find(SagaQuery query) {
        List<String> conditions = new ArrayList<>(List.of("true"));
        Arguments.Plain arguments = new Arguments.Plain();
        if (query.sagaName() != null) {
            conditions.add("i.saga_name = ?");
            arguments.value(query.sagaName());
        }
        if (query.version() != null) {
            conditions.add("i.saga_version = ?");
            arguments.value(query.version());
        }
        if (query.key() != null) {
            conditions.add("i.business_key = ?");
            arguments.value(query.key());
        }
        if (!query.phases().isEmpty()) {
            conditions.add("i.phase = any(?::text[])");
            arguments.array("text", List.copyOf(query.phases()), Enum::name);
        }
        if (query.openStep() != null) {
            conditions.add("""
                    exists (select from saga_step s
                             where s.saga_id = i.saga_id and s.step = ?
                               and s.status in ('SENT', 'UNKNOWN', 'COMPENSATING', 'COMPENSATION_FAILED'))""");
            arguments.value(query.openStep());
        }
        if (query.reasonCode() != null) {
            conditions.add("i.reason_code = ?");
            arguments.value(query.reasonCode().name());
        }
        if (query.messageId() != null) {
            conditions.add("i.saga_id in (select h.saga_id from saga_timeline h where h.message_id = ?)");
            arguments.value(query.messageId());
        }
        if (query.olderThan() != null) {
            conditions.add("i.created_at <= clock_timestamp() - ? * interval '1 millisecond'");
            arguments.value(query.olderThan().toMillis());
        }
        if (!query.attributes().isEmpty()) {
            conditions.add("i.attributes @> ?::jsonb");
            arguments.value(AttributesJson.write(query.attributes()));
        }
        if (query.after() != null) {
            conditions.add("i.saga_id > ?");
            arguments.value(query.after());
        }
        arguments.value(query.most());
        return jdbc.query(
                "select i.saga_id from saga_instance i where " + String.join(" and ", conditions)
                        + " order by i.saga_id limit ?",
                arguments,
                (row, number) -> row.getObject("saga_id", UUID.class));
    }
}
