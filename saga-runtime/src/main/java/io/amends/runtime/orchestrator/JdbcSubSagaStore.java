package io.amends.runtime.orchestrator;

import io.amends.runtime.sql.Arguments;
import io.amends.runtime.store.SubSagaStore;
import io.amends.saga.ReplyToken;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.springframework.jdbc.core.JdbcOperations;

/** The table {@code saga_sub_saga}. Safe for use by many threads. */
final class JdbcSubSagaStore implements SubSagaStore {

    private static final String SELECT =
            "select saga_id, role, parent_id, parent_name, parent_step, token, undo_saga, undo_key, undo_data from saga_sub_saga ";

    private final JdbcOperations jdbc;

    JdbcSubSagaStore(JdbcOperations jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public void add(Link link) {
        ReplyToken token = link.token();
        Undo undo = link.undo();
        jdbc.update(
                """
                insert into saga_sub_saga (saga_id, role, parent_id, parent_name, parent_step, token, undo_saga, undo_key,
                                           undo_data)
                values (?, ?, ?, ?, ?, ?, ?, ?, ?)""",
                link.sagaId(),
                link.role().name(),
                link.parentId(),
                link.parentName(),
                link.parentStep(),
                token == null ? null : token.value(),
                undo == null ? null : undo.saga(),
                undo == null ? null : undo.key(),
                undo == null ? null : undo.data());
    }

    @Override
    public Optional<Link> childOf(UUID parentId, String parentStep) {
        return query(
                        SELECT + "where parent_id = ? and parent_step = ? and role = 'CHILD'",
                        new Arguments.Plain().value(parentId).value(parentStep))
                .stream()
                .findFirst();
    }

    @Override
    public void silence(UUID child) {
        jdbc.update("update saga_sub_saga set token = null where saga_id = ? and role = 'CHILD'", child);
    }

    @Override
    public List<Link> answeredBy(Collection<UUID> sagaIds) {
        return query(
                SELECT + "where saga_id = any(?::uuid[]) and token is not null order by saga_id, role",
                new Arguments.Plain().array("uuid", List.copyOf(sagaIds), Function.identity()));
    }

    @Override
    public List<Link> around(Collection<UUID> sagaIds) {
        List<UUID> ids = List.copyOf(sagaIds);
        return query(
                SELECT
                        + "where (saga_id = any(?::uuid[]) or parent_id = any(?::uuid[])) and role <> 'TURN_BACK' order by linked_at",
                new Arguments.Plain().array("uuid", ids, Function.identity()).array("uuid", ids, Function.identity()));
    }

    private List<Link> query(String sql, Arguments.Plain arguments) {
        return jdbc.query(sql, arguments, (row, number) -> link(row));
    }

    private static Link link(ResultSet row) throws SQLException {
        String token = row.getString("token");
        String undo = row.getString("undo_saga");
        return new Link(
                row.getObject("saga_id", UUID.class),
                Role.valueOf(row.getString("role")),
                row.getObject("parent_id", UUID.class),
                row.getString("parent_name"),
                row.getString("parent_step"),
                token == null ? null : ReplyToken.of(token),
                undo == null ? null : new Undo(undo, row.getString("undo_key"), row.getBytes("undo_data")));
    }
}
