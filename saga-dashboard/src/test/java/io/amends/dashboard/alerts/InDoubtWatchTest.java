package io.amends.dashboard.alerts;

import static org.assertj.core.api.Assertions.assertThat;

import io.amends.dashboard.stuck.StuckReason;
import io.amends.dashboard.twopc.InDoubtSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the watch over branches in doubt notes and tells. */
class InDoubtWatchTest extends AlertFixture {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration LONG = Duration.ofMinutes(3);

    private final List<Alert> told = new ArrayList<>();
    private final Participants participants = new Participants();

    /** What participants say when they are asked, and how often they were. */
    private static final class Participants implements InDoubtSource {

        private final AtomicInteger asked = new AtomicInteger();
        private List<Branch> branches = List.of();
        private List<String> away = List.of();

        void have(Branch... prepared) {
            branches = Stream.of(prepared).toList();
        }

        @Override
        public InDoubt look() {
            asked.incrementAndGet();
            return new InDoubt(true, branches, away);
        }

        @Override
        public OptionalLong number() {
            return OptionalLong.of(branches.size());
        }
    }

    private static InDoubtSource.Branch branch(String gid, Duration age, boolean running) {
        return new InDoubtSource.Branch("bank-a", "t", gid, age, "COMMIT", running, "COMMIT PREPARED '" + gid + "'");
    }

    private InDoubtWatch inDoubt() {
        return new InDoubtWatch(office.jdbc, office.transactions, participants, PATIENCE, LIMIT, true, told::add);
    }

    @Test
    void a_branch_that_recovery_does_not_end_is_told_once_and_once_more_when_it_has_ended() {
        participants.have(branch("amends:1", LONG, false));
        inDoubt().look();
        participants.have(branch("amends:1", LONG.plusSeconds(10), false));
        inDoubt().look();

        assertThat(told).singleElement().isInstanceOfSatisfying(BranchInDoubt.class, alert -> {
            assertThat(alert.participant()).isEqualTo("bank-a");
            assertThat(alert.gid()).isEqualTo("amends:1");
            assertThat(alert.decision()).isEqualTo("COMMIT");
            assertThat(alert.reason()).isEqualTo(StuckReason.IN_DOUBT_2PC);
            assertThat(Duration.between(alert.since(), alert.noticedAt())).isBetween(LONG, LONG.plusSeconds(20));
        });

        participants.have();
        inDoubt().look();
        inDoubt().look();
        assertThat(told).hasSize(2).last().isInstanceOf(BranchEnded.class);
        assertThat(office.number("select count(*) from saga_console_delivery")).isEqualTo(2);
    }

    @Test
    void a_branch_that_is_young_or_that_this_process_is_at_is_not_told() {
        participants.have(branch("amends:1", PATIENCE.minusSeconds(1), false), branch("amends:2", LONG, true));

        inDoubt().look();

        assertThat(told).isEmpty();
    }

    @Test
    void nobody_is_asked_while_nothing_is_left_and_nothing_was_told() {
        inDoubt().look();

        assertThat(participants.asked).hasValue(0);
    }

    @Test
    void of_a_participant_that_is_away_nothing_is_told_as_ended() {
        participants.have(branch("amends:1", LONG, false));
        inDoubt().look();
        participants.have();
        participants.away = List.of("bank-a: connection refused");

        inDoubt().look();
        assertThat(told).hasSize(1);

        participants.away = List.of();
        inDoubt().look();
        assertThat(told).hasSize(2);
    }

    @Test
    void a_process_whose_list_is_older_than_the_end_that_another_one_noted_does_not_tell_it_again() {
        participants.have(branch("amends:1", LONG, false));
        inDoubt().look();
        participants.have();
        inDoubt().look();

        participants.have(branch("amends:1", LONG, false));
        inDoubt().look();

        assertThat(told).hasSize(2);
        assertThat(office.number("select count(*) from saga_console_told")).isZero();
    }
}
