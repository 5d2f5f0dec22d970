package io.amends.outbox.operations;

import static org.assertj.core.api.Assertions.assertThat;

import io.amends.outbox.operations.Holder.Kind;
import io.amends.outbox.operations.SegmentState.Emptying;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class HolderTest {

    @ParameterizedTest
    @MethodSource("sentences")
    void each_holder_says_who_it_is_what_it_holds_up_and_what_to_do(Holder holder, String sentence) {
        assertThat(holder.sentence()).isEqualTo(sentence);
    }

    static Stream<Arguments> sentences() {
        Duration hours = Duration.ofHours(3);
        return Stream.of(
                Arguments.of(
                        new Holder(
                                Kind.PREPARED, "x", "shop", true, "shop", "", "prepared", hours, List.of(4), true, 0),
                        "Prepared transaction 'x' of database shop (shop, prepared), open for 3 h, keeps segment 4 from being emptied and vacuum from removing rows that died since; commit prepared or rollback prepared 'x', in database shop."),
                Arguments.of(
                        new Holder(
                                Kind.PREPARED, "y", "other", false, "ann", "", "prepared", hours, List.of(), true, 0),
                        "Prepared transaction 'y' of database other (ann, prepared), open for 3 h, does nothing to the outbox, which is in another database; commit prepared or rollback prepared 'y', in database other."),
                Arguments.of(
                        new Holder(
                                Kind.SESSION,
                                "123",
                                "shop",
                                true,
                                "ann",
                                "psql",
                                "idle in transaction",
                                Duration.ofMinutes(12),
                                List.of(),
                                true,
                                0),
                        "Session 123 of database shop (psql, ann, idle in transaction), open for 12 min, keeps vacuum from removing rows that died since, but no segment from being emptied; let it end, or run: select pg_terminate_backend(123)."),
                Arguments.of(
                        new Holder(
                                Kind.SESSION,
                                "124",
                                "shop",
                                true,
                                "",
                                "",
                                "active",
                                Duration.ofSeconds(59),
                                List.of(1, 2),
                                false,
                                0),
                        "Session 124 of database shop (active), open for 59 s, keeps segments 1, 2 from being emptied; let it end, or run: select pg_terminate_backend(124)."),
                Arguments.of(
                        new Holder(
                                Kind.SLOT,
                                "debezium",
                                "shop",
                                true,
                                "",
                                "",
                                "inactive",
                                null,
                                List.of(),
                                false,
                                5L << 20),
                        "Replication slot 'debezium' (inactive) keeps 5 MiB of write-ahead log; let its consumer catch up, or, if nobody needs it, run: select pg_drop_replication_slot('debezium')."),
                Arguments.of(
                        new Holder(Kind.SLOT, "copy", null, true, "", "", "active", null, List.of(), false, 100),
                        "Replication slot 'copy' (active) does nothing to the outbox; let its consumer catch up, or, if nobody needs it, run: select pg_drop_replication_slot('copy')."),
                Arguments.of(
                        new Holder(
                                Kind.STANDBY, "reader", null, true, "repl", "", "streaming", null, List.of(), true, 0),
                        "Standby 'reader' (repl, streaming) keeps vacuum from removing rows that died since, but no segment from being emptied; end long queries on that standby, or set hot_standby_feedback = off there."));
    }

    @ParameterizedTest
    @CsvSource({"PT0S,0 s", "PT61S,1 min", "PT60M,1 h", "PT47H,47 h", "P3D,3 d"})
    void ages_are_said_in_their_largest_whole_unit(Duration open, String said) {
        assertThat(Holder.age(open)).isEqualTo(said);
    }

    @Test
    void a_segment_says_what_stands_in_the_way_of_emptying_it() {
        long big = 1 << 20;
        assertThat(SegmentState.of(1, big, 5, true, true, List.of()).emptying()).isEqualTo(Emptying.IN_USE);
        assertThat(SegmentState.of(1, 16_384, 0, false, false, List.of("session 1"))
                        .emptying())
                .isEqualTo(Emptying.EMPTY);
        assertThat(SegmentState.of(1, big, 5, false, true, List.of("session 1")).emptying())
                .isEqualTo(Emptying.UNPUBLISHED);
        SegmentState locked = SegmentState.of(1, big, 5, false, false, List.of("session 1", "prepared transaction x"));
        assertThat(locked.emptying()).isEqualTo(Emptying.LOCKED);
        assertThat(locked.why()).contains("locked by session 1, prepared transaction x");
        assertThat(SegmentState.of(1, big, 5, false, false, List.of()).emptying())
                .isEqualTo(Emptying.POSSIBLE);
    }
}
