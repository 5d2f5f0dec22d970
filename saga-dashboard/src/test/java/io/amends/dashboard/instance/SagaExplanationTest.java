package io.amends.dashboard.instance;

import static org.assertj.core.api.Assertions.assertThat;

import io.amends.dashboard.Deliveries.Cleared;
import io.amends.dashboard.Deliveries.Collected;
import io.amends.dashboard.Deliveries.Delivered;
import io.amends.dashboard.Deliveries.Forbidden;
import io.amends.dashboard.Deliveries.Parcel;
import io.amends.dashboard.Deliveries.Told;
import io.amends.dashboard.language.Language;
import io.amends.dashboard.stuck.StuckReason;
import io.amends.runtime.SagaOperations.Order;
import io.amends.runtime.wire.ReservedTypes;
import io.amends.saga.SagaKey;
import io.amends.saga.engine.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What the page of one saga says of it in words, for sagas that the real engine moves. */
class SagaExplanationTest extends InspectionFixture {

    private static final Duration MINUTE = Duration.ofMinutes(1);

    private void later(Duration time) {
        depot.take();
        depot.timePasses(time);
        orchestration.timers().look();
        depot.take();
    }

    private String says(UUID id) {
        // Seconds of a test that runs are not what it is about.
        return view(id).explanation()
                .replaceAll("\\b(59|5[0-8]) s\\b", "a minute")
                .replace("60 s", "a minute");
    }

    @Test
    void it_says_what_a_running_saga_waits_for_and_what_follows() {
        UUID id = start();
        depot.take();
        assertThat(says(id))
                .isEqualTo("Step 'collect' waits for the reply of 'vans'. Attempt 2 of 5 follows in a minute.");
        assertThat(view(id).verdict()).isNull();

        later(MINUTE.multipliedBy(2));
        orchestration.replies().process(List.of());
        UUID other = orchestration
                .sagas()
                .start("delivery", Parcel.of("e"), SagaKey.of("e"))
                .sagaId();
        orchestration
                .replies()
                .process(List.of(depot.reply(depot.takeLast(), ReservedTypes.HANDLER_FAILED, Outcome.ERROR, NOTHING)));
        assertThat(says(other))
                .matches(
                        "Step 'collect' failed with amends\\.handler-failed and is tried again\\. Attempt 2 of 5 follows in (10|9|8) s\\.");
    }

    @Test
    void it_says_who_is_expected_to_decide_and_by_when() {
        UUID id = start();
        answer(new Collected("van 7"));

        assertThat(says(id))
                .isEqualTo(
                        "Step 'clear' waits for somebody to decide, who is expected to do so in 23 h. If nobody does, its time is over in 29 d.");
        later(Duration.ofHours(26));
        assertThat(says(id))
                .startsWith("Somebody was expected to decide by now. Step 'clear'.")
                .endsWith("If nobody does, its time is over in 28 d.");
    }

    @Test
    void it_says_why_a_saga_turned_back() {
        UUID id = start();
        answer(new Collected("van 7"));
        decide(new Forbidden());
        depot.take();

        assertThat(says(id))
                .isEqualTo(
                        "It turned back: step 'clear' was rejected by the saga itself with customs. The compensation of step 'collect' waits for the reply of 'vans'. Attempt 2 of 2 follows in a minute.");
        assertThat(view(id).why().in(Language.GERMAN))
                .matches(
                        "Sie ist umgekehrt: step 'clear' was rejected by the saga itself with customs\\. Die Kompensation von Schritt „collect“ wartet auf die Antwort von „vans“\\. Versuch 2 von 2 folgt in \\d+ s\\.");
        later(MINUTE);
        assertThat(says(id)).endsWith("That was attempt 2 of 2; it is given up in a minute.");
    }

    @Test
    void it_says_who_paused_a_saga_and_until_when() {
        UUID id = start();
        orchestration.operations().pause(id, null, new Order("ann", "the vans are on strike", null));
        assertThat(says(id))
                .isEqualTo("An operator paused it (ann: the vans are on strike). It goes on when somebody resumes it.");
        orchestration.operations().resume(id, new Order("ann", "they are back", null));
        orchestration.operations().pause(id, Instant.now().plus(Duration.ofHours(5)), new Order("bob", "lunch.", null));

        assertThat(says(id)).isEqualTo("An operator paused it (bob: lunch). It goes on by itself in 4 h.");
    }

    @Test
    void it_says_why_a_saga_is_stuck_and_that_nothing_follows() {
        UUID id = start();
        answer(new Collected("van 7"));
        decide(new Cleared());
        orchestration
                .replies()
                .process(List.of(
                        depot.reply(depot.takeLast(), ReservedTypes.HANDLER_FAILED_FOR_GOOD, Outcome.ERROR, NOTHING)));

        assertThat(says(id))
                .isEqualTo(
                        "A step failed with something that another attempt does not mend. Step 'deliver' was sent to 'vans'. It says: step 'deliver': 'vans' gave up with amends.handler-failed-for-good. Nothing follows by itself.");
        assertThat(view(id).verdict())
                .satisfies(verdict -> assertThat(verdict.reason()).isEqualTo(StuckReason.NON_RETRYABLE));
    }

    @Test
    void it_says_what_follows_where_a_saga_is_stuck_and_still_tried() {
        UUID id = start();
        answer(new Collected("van 7"));
        decide(new Cleared());
        answer(new Delivered());
        for (int i = 0; i < 4; i++) {
            later(MINUTE);
        }

        assertThat(says(id))
                .matches(
                        "A participant has not replied for longer than all attempts may take\\. Step 'tell' was sent to 'mail', 5 times\\. Attempt 6 follows in a minute\\.");
    }

    @Test
    void it_says_that_a_saga_is_over() {
        UUID id = start();
        answer(new Collected("van 7"));
        decide(new Cleared());
        answer(new Delivered());
        answer(new Told());
        assertThat(says(id)).isEqualTo("It is over: every step is done.");
        UUID byHand = orchestration
                .sagas()
                .start("errand", Parcel.of("e"), SagaKey.of("e"))
                .sagaId();
        orchestration
                .operations()
                .resolve(byHand, io.amends.saga.engine.SagaPhase.COMPENSATED, new Order("ann", "done by phone", null));

        assertThat(says(byHand)).isEqualTo("It is over: ann: done by phone.");
    }
}
