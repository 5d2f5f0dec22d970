package io.amends.runtime.orchestrator;

import static org.assertj.core.api.Assertions.assertThat;

import io.amends.runtime.store.StoredSaga.HistoryEntry;
import io.amends.runtime.store.StoredSaga.SentCommand;
import io.amends.saga.engine.SagaPhase;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Which lines commands have. */
class HistoryLinesTest {

    private final HistoryLines history = new HistoryLines();

    private void event(long clock, SagaPhase phase) {
        history.add(new HistoryEntry(clock, "Event", null, null, null, null, "ACCEPTED", phase.name(), null));
    }

    private SentCommand send(long clock, SagaPhase phase) {
        SentCommand sent = new SentCommand(new UUID(0, clock), "step-" + clock, "action", "bank", "pay");
        history.addSent(clock, sent, phase);
        return sent;
    }

    @Test
    void the_first_command_of_an_event_stands_in_its_line() {
        event(7, SagaPhase.RUNNING);
        SentCommand sent = send(8, SagaPhase.RUNNING);

        assertThat(history.all()).singleElement().satisfies(line -> {
            assertThat(line.event()).isEqualTo("Event");
            assertThat(line.sent()).isEqualTo(sent);
        });
    }

    @Test
    void of_several_commands_no_line_has_more_than_one() {
        event(7, SagaPhase.RUNNING);
        SentCommand first = send(8, SagaPhase.RUNNING);
        SentCommand second = send(9, SagaPhase.RUNNING);
        SentCommand third = send(10, SagaPhase.RUNNING);

        assertThat(history.all()).extracting(HistoryEntry::event).containsExactly("Event", "Sent");
        assertThat(history.all()).extracting(HistoryEntry::sent).containsExactly(first, third);
        assertThat(history.all().get(1).messageId()).isEqualTo(second.messageId());
        assertThat(history.all().get(1).clock()).isEqualTo(9);
    }

    @Test
    void a_command_whose_time_or_phase_its_line_does_not_tell_has_one_of_its_own() {
        event(7, SagaPhase.RUNNING);
        send(9, SagaPhase.RUNNING);
        event(20, SagaPhase.RUNNING);
        send(21, SagaPhase.STUCK);

        assertThat(history.all())
                .extracting(line -> line.clock() + " " + line.event() + " " + line.phase())
                .containsExactly("7 Event RUNNING", "9 Sent RUNNING", "20 Event RUNNING", "21 Sent STUCK");
    }
}
