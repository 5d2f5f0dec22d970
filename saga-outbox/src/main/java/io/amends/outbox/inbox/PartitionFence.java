package io.amends.outbox.inbox;

import java.sql.Connection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.apache.kafka.common.TopicPartition;
import org.springframework.jdbc.core.JdbcOperations;

/**
 * How far a consumer is in each partition, in its database. A transaction moves it on from where this process left it; where
 * it stands elsewhere, another process has taken over. Safe for use by many threads.
 */
final class PartitionFence {

    private final JdbcOperations jdbc;
    private final String consumer;

    PartitionFence(JdbcOperations jdbc, String consumer) {
        this.jdbc = jdbc;
        this.consumer = consumer;
    }

    /**
     * Where a partition stands.
     *
     * @param topicId the id of the topic that was meant
     * @param next the first offset that is not handled
     */
    record Position(UUID topicId, long next) {}

    /**
     * A move that a transaction makes.
     *
     * @param from where this process left the partition
     * @param to the first offset behind the transaction's records
     */
    record Move(UUID topicId, int partition, long from, long to) {}

    /** Where the partitions stand, 0 for new ones; in the running transaction. Three statements at most for any number. */
    Map<TopicPartition, Position> positions(Map<TopicPartition, UUID> topicIds) {
        List<TopicPartition> partitions = List.copyOf(topicIds.keySet());
        Map<TopicPartition, Position> known = known(partitions, topicIds);
        if (known.size() == partitions.size()) {
            return known;
        }
        jdbc.update("""
                insert into saga_inbox_partition (consumer, topic_id, partition, topic)
                select ?, p.* from unnest(?::uuid[], ?::int[], ?::text[]) p
                on conflict do nothing""", statement -> {
            Connection connection = statement.getConnection();
            statement.setString(1, consumer);
            statement.setArray(2, connection.createArrayOf("uuid", ids(partitions, topicIds)));
            statement.setArray(3, connection.createArrayOf("int", numbers(partitions)));
            statement.setArray(
                    4,
                    connection.createArrayOf(
                            "text",
                            partitions.stream().map(TopicPartition::topic).toArray(String[]::new)));
        });
        return known(partitions, topicIds);
    }

    private Map<TopicPartition, Position> known(List<TopicPartition> partitions, Map<TopicPartition, UUID> topicIds) {
        Map<TopicPartition, Position> positions = new HashMap<>();
        jdbc.query(
                """
                select s.topic, s.topic_id, s.partition, s.next_offset
                  from saga_inbox_partition s
                  join unnest(?::uuid[], ?::int[]) p (topic_id, partition)
                    on s.topic_id = p.topic_id and s.partition = p.partition
                 where s.consumer = ?""",
                statement -> {
                    Connection connection = statement.getConnection();
                    statement.setArray(1, connection.createArrayOf("uuid", ids(partitions, topicIds)));
                    statement.setArray(2, connection.createArrayOf("int", numbers(partitions)));
                    statement.setString(3, consumer);
                },
                row -> {
                    positions.put(
                            new TopicPartition(row.getString(1), row.getInt(3)),
                            new Position(row.getObject(2, UUID.class), row.getLong(4)));
                });
        return positions;
    }

    private static Object[] ids(List<TopicPartition> partitions, Map<TopicPartition, UUID> topicIds) {
        return partitions.stream().map(topicIds::get).toArray();
    }

    private static Integer[] numbers(List<TopicPartition> partitions) {
        return partitions.stream().map(TopicPartition::partition).toArray(Integer[]::new);
    }

    /**
     * Moves on, in the running transaction: one statement for any number of partitions. It waits for nobody: a process that
     * is paused in the middle of a poll keeps its row locked, and who takes over comes again later.
     *
     * @throws FencedPollException if one of them does not stand where it was left, or is just being moved by another
     */
    void move(List<Move> moves) {
        int moved = jdbc.update("""
                with mine as (
                  select s.topic_id, s.partition, m.next_offset
                    from unnest(?::uuid[], ?::int[], ?::bigint[], ?::bigint[])
                         m (topic_id, partition, left_at, next_offset)
                    join saga_inbox_partition s
                      on s.topic_id = m.topic_id and s.partition = m.partition and s.next_offset = m.left_at
                   where s.consumer = ?
                     for update of s skip locked)
                update saga_inbox_partition s
                   set next_offset = mine.next_offset, moved_at = clock_timestamp()
                  from mine
                 where s.consumer = ? and s.topic_id = mine.topic_id and s.partition = mine.partition""", statement -> {
            statement.setArray(
                    1,
                    statement
                            .getConnection()
                            .createArrayOf(
                                    "uuid", moves.stream().map(Move::topicId).toArray()));
            statement.setArray(
                    2,
                    statement
                            .getConnection()
                            .createArrayOf(
                                    "int", moves.stream().map(Move::partition).toArray(Integer[]::new)));
            statement.setArray(3, statement.getConnection().createArrayOf("bigint", longs(moves, Move::from)));
            statement.setArray(4, statement.getConnection().createArrayOf("bigint", longs(moves, Move::to)));
            statement.setString(5, consumer);
            statement.setString(6, consumer);
        });
        if (moved != moves.size()) {
            throw new FencedPollException(
                    "Another process has moved %d of %d partitions on since consumer '%s' of this process looked, or is about to; nothing of this poll was done."
                            .formatted(moves.size() - moved, moves.size(), consumer));
        }
    }

    private static Long[] longs(List<Move> moves, ToLongFunction<Move> which) {
        Function<Move, Long> boxed = which::applyAsLong;
        return moves.stream().map(boxed).toArray(Long[]::new);
    }
}
