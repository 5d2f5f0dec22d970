package io.amends.saga.definition;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.amends.saga.Compensation;
import io.amends.saga.Escalation;
import io.amends.saga.OnCompensated;
import io.amends.saga.OnCompensating;
import io.amends.saga.OnCompleted;
import io.amends.saga.OnStuck;
import io.amends.saga.Retry;
import io.amends.saga.Saga;
import io.amends.saga.SagaStep;
import io.amends.saga.Signal;
import io.amends.saga.StepKind;
import io.amends.saga.definition.Transfers.CaptureFunds;
import io.amends.saga.definition.Transfers.CreditAccount;
import io.amends.saga.definition.Transfers.ReleaseFunds;
import io.amends.saga.definition.Transfers.ReserveFunds;
import io.amends.saga.definition.Transfers.ReserveFundsReply;
import io.amends.saga.definition.Transfers.Transfer;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Attempts, limits, signals and hooks: annotations and builder say the same, and what can't be is told with its place. */
class RetriesAndSignalsTest {

    private static final Transfer TRANSFER = new Transfer("t-1", "bank-a", "bank-b", "new");

    @Saga(name = "careful", deadline = "1h", onDeadline = Escalation.ALERT_ONLY)
    static class Careful {
        final List<String> told = new ArrayList<>();

        @SagaStep(
                order = 1,
                name = "reserve",
                participant = "bank-a",
                timeout = "5s",
                retry = @Retry(attempts = 4, backoff = "200ms", backoffMax = "2s", jitter = false, within = "1m"),
                onExhausted = Escalation.PARK)
        ReserveFunds reserve(Transfer transfer) {
            return new ReserveFunds(transfer.id());
        }

        @Compensation(of = "reserve", timeout = "7s", retry = @Retry(attempts = 50))
        ReleaseFunds release(Transfer transfer) {
            return new ReleaseFunds(transfer.id());
        }

        @SagaStep(order = 2, name = "approval", timeout = "2d", sla = "4h", onExhausted = Escalation.ALERT_ONLY)
        Optional<Signal<ReserveFundsReply>> approval(Transfer transfer) {
            return transfer.status().equals("small") ? Optional.empty() : Optional.of(Signal.awaited("approved"));
        }

        @SagaStep(order = 3, name = "credit", kind = StepKind.PIVOT, participant = "bank-b")
        CreditAccount credit(Transfer transfer) {
            return new CreditAccount(transfer.id());
        }

        @SagaStep(order = 4, name = "capture", kind = StepKind.RETRIABLE, participant = "bank-a")
        CaptureFunds capture(Transfer transfer) {
            return new CaptureFunds(transfer.id());
        }

        @OnCompleted
        void completed(Transfer transfer) {
            told.add("completed");
        }

        @OnCompensated
        void compensated(Transfer transfer) {
            told.add("compensated");
        }

        @OnCompensating
        void compensating(Transfer transfer) {
            told.add("compensating");
        }

        @OnStuck
        void stuck(Transfer transfer) {
            told.add("stuck");
        }
    }

    private static SagaDefinition built(List<String> told) {
        return SagaDefinition.named("careful")
                .deadline(Duration.ofHours(1))
                .onDeadline(Escalation.ALERT_ONLY)
                .data(Transfer.class)
                .step("reserve", "bank-a", ReserveFunds.class, t -> new ReserveFunds(t.id()))
                .compensatedBy("bank-a", ReleaseFunds.class, t -> new ReleaseFunds(t.id()))
                .timeout(Duration.ofSeconds(5))
                .retry(RetryPolicy.DEFAULT
                        .withAttempts(4)
                        .withBackoff(Duration.ofMillis(200), Duration.ofSeconds(2))
                        .withoutJitter()
                        .within(Duration.ofMinutes(1)))
                .onExhausted(Escalation.PARK)
                .compensationTimeout(Duration.ofSeconds(7))
                .compensationRetry(RetryPolicy.DEFAULT.withAttempts(50))
                .awaitSignal("approval", "approved", ReserveFundsReply.class)
                .onlyIf(t -> !t.status().equals("small"))
                .timeout(Duration.ofDays(2))
                .sla(Duration.ofHours(4))
                .onExhausted(Escalation.ALERT_ONLY)
                .pivot("credit", "bank-b", CreditAccount.class, t -> new CreditAccount(t.id()))
                .retriable("capture", "bank-a", CaptureFunds.class, t -> new CaptureFunds(t.id()))
                .onCompleted(t -> told.add("completed"))
                .onCompensated(t -> told.add("compensated"))
                .onCompensating(t -> told.add("compensating"))
                .onStuck(t -> told.add("stuck"))
                .build();
    }

    @Test
    void annotations_and_builder_give_equal_definitions() {
        SagaDefinition read = AnnotatedSagas.read(new Careful());
        SagaDefinition built = built(new ArrayList<>());

        assertThat(built)
                .usingRecursiveComparison()
                .ignoringFieldsMatchingRegexes(".*\\.command", ".*\\.signal", "hooks.*")
                .isEqualTo(read);
        assertThat(built.fingerprint()).isEqualTo(read.fingerprint());
        assertThat(read.step("reserve").orElseThrow().retry())
                .isEqualTo(built.step("reserve").orElseThrow().retry());
        assertThat(read.step("credit").orElseThrow().retry()).isEqualTo(RetryPolicy.DEFAULT);
    }

    @Test
    void what_is_left_out_is_the_default() {
        StepDefinition credit =
                AnnotatedSagas.read(new Careful()).step("credit").orElseThrow();

        assertThat(credit.timeout()).isNull();
        assertThat(credit.sla()).isNull();
        assertThat(credit.onExhausted()).isEqualTo(Escalation.COMPENSATE);
        assertThat(credit.compensationRetry()).isEqualTo(RetryPolicy.DEFAULT);
    }

    @Test
    void a_signal_is_made_out_of_the_data_and_an_empty_one_skips_the_step() {
        for (SagaDefinition saga : List.of(AnnotatedSagas.read(new Careful()), built(new ArrayList<>()))) {
            StepAction.Await approval =
                    (StepAction.Await) saga.step("approval").orElseThrow().action();

            assertThat(approval.replyType()).isEqualTo(ReserveFundsReply.class);
            assertThat(approval.signal().apply(TRANSFER)).contains(Signal.awaited("approved"));
            assertThat(approval.signal().apply(new Transfer("t", "a", "b", "small")))
                    .isEmpty();
        }
    }

    @Test
    void every_turning_point_has_its_hook() {
        Careful bean = new Careful();
        List<String> told = new ArrayList<>();
        for (SagaDefinition saga : List.of(AnnotatedSagas.read(bean), built(told))) {
            Hooks hooks = saga.hooks();
            requireNonNull(hooks.onCompensating()).accept(TRANSFER);
            requireNonNull(hooks.onStuck()).accept(TRANSFER);
            requireNonNull(hooks.onCompensated()).accept(TRANSFER);
            requireNonNull(hooks.onCompleted()).accept(TRANSFER);
        }

        assertThat(bean.told).containsExactly("compensating", "stuck", "compensated", "completed");
        assertThat(told).isEqualTo(bean.told);
    }

    @Saga(name = "waits")
    static class Waits {

        @SagaStep(order = 1, name = "short", kind = StepKind.RETRIABLE, retry = @Retry(backoffMax = "100ms"))
        void shortWaits(Transfer transfer) {}

        @SagaStep(order = 2, name = "long", kind = StepKind.RETRIABLE, retry = @Retry(backoff = "5m"))
        void longWaits(Transfer transfer) {}

        @SagaStep(
                order = 3,
                name = "picky",
                kind = StepKind.RETRIABLE,
                retry = @Retry(multiplier = 3, notAfter = IllegalStateException.class))
        void picky(Transfer transfer) {}
    }

    @Test
    void one_wait_that_is_declared_bounds_the_other() {
        SagaDefinition saga = AnnotatedSagas.read(new Waits());

        RetryPolicy shortWaits = saga.step("short").orElseThrow().retry();
        assertThat(shortWaits.backoff()).isEqualTo(Duration.ofMillis(100));
        assertThat(shortWaits.backoffMax()).isEqualTo(Duration.ofMillis(100));
        RetryPolicy longWaits = saga.step("long").orElseThrow().retry();
        assertThat(longWaits.backoff()).isEqualTo(Duration.ofMinutes(5));
        assertThat(longWaits.backoffMax()).isEqualTo(Duration.ofMinutes(5));
    }

    @Test
    void exceptions_after_which_nothing_is_tried_again_include_their_subclasses() {
        RetryPolicy picky =
                AnnotatedSagas.read(new Waits()).step("picky").orElseThrow().retry();

        assertThat(picky.multiplier()).isEqualTo(3);
        assertThat(picky.permanent().test(new java.util.concurrent.CancellationException()))
                .isTrue();
        assertThat(picky.permanent().test(new RuntimeException())).isFalse();
    }

    @Saga(name = "reader")
    static final class Reader {
        @SagaStep(
                order = 1,
                name = "read",
                kind = StepKind.RETRIABLE,
                retry = @Retry(notAfter = FileNotFoundException.class))
        void read(Transfer transfer) throws IOException {
            throw new FileNotFoundException("no such file");
        }
    }

    @Test
    void a_checked_exception_after_which_nothing_is_tried_again_is_recognised() {
        StepDefinition read = AnnotatedSagas.read(new Reader()).step("read").orElseThrow();
        StepAction.Local local = (StepAction.Local) requireNonNull(read.action());

        assertThatThrownBy(() -> local.run().apply(TRANSFER))
                .hasMessageContaining("no such file")
                .satisfies(thrown -> assertThat(read.retry().permanent()).accepts(thrown));
    }

    @Saga(name = "bad-retries", deadline = "36501d")
    static class BadRetries {

        @SagaStep(order = 1, name = "a", kind = StepKind.RETRIABLE, retry = @Retry(attempts = -1))
        void attempts(Transfer transfer) {}

        @SagaStep(order = 2, name = "b", kind = StepKind.RETRIABLE, retry = @Retry(backoff = "soon"))
        void backoff(Transfer transfer) {}

        @SagaStep(order = 3, name = "c", kind = StepKind.RETRIABLE, retry = @Retry(backoff = "2s", backoffMax = "1s"))
        void crossed(Transfer transfer) {}

        @SagaStep(order = 4, name = "d", kind = StepKind.RETRIABLE, retry = @Retry(multiplier = 0.5))
        void shrinking(Transfer transfer) {}

        @SagaStep(order = 5, name = "e", kind = StepKind.RETRIABLE, retry = @Retry(within = "0s"))
        void within(Transfer transfer) {}

        @SagaStep(order = 6, name = "f", kind = StepKind.RETRIABLE, retry = @Retry(backoffMax = "36501d"))
        void ages(Transfer transfer) {}

        @SagaStep(order = 7, name = "g", kind = StepKind.RETRIABLE, sla = "1h")
        void sla(Transfer transfer) {}

        @SagaStep(order = 0, name = "h", participant = "bank-a")
        ReserveFunds reserve(Transfer transfer) {
            return new ReserveFunds(transfer.id());
        }

        @Compensation(of = "h", retry = @Retry(attempts = -5))
        Signal<ReserveFundsReply> undo(Transfer transfer) {
            return Signal.awaited("undone");
        }
    }

    @Test
    void every_bad_value_is_told_with_its_place() {
        InvalidSagaException invalid =
                catchThrowableOfType(InvalidSagaException.class, () -> AnnotatedSagas.read(new BadRetries()));

        assertThat(invalid.problems())
                .extracting(problem -> problem.where() + ": " + problem.message())
                .anySatisfy(text -> assertThat(text)
                        .startsWith("BadRetries.attempts(Transfer): its @Retry can't be: A retry policy needs")
                        .contains("got -1,"))
                .anySatisfy(text -> assertThat(text)
                        .isEqualTo("BadRetries.backoff(Transfer): 'soon' is not a duration longer than zero."))
                .anySatisfy(text -> assertThat(text)
                        .startsWith("BadRetries.crossed(Transfer): its @Retry can't be")
                        .contains("PT2S, PT1S"))
                .anySatisfy(text -> assertThat(text)
                        .startsWith("BadRetries.shrinking(Transfer): its @Retry can't be")
                        .contains("0.5"))
                .anySatisfy(text -> assertThat(text)
                        .isEqualTo("BadRetries.within(Transfer): '0s' is not a duration longer than zero."))
                .anySatisfy(
                        text -> assertThat(text).isEqualTo("BadRetries.ages(Transfer): the longest wait is PT876024H."))
                .anySatisfy(text -> assertThat(text)
                        .isEqualTo("BadRetries.sla(Transfer): step 'g' has an sla, but waits for no signal."))
                .anySatisfy(text -> assertThat(text)
                        .startsWith("BadRetries.undo(Transfer): its @Retry can't be")
                        .contains("got -5,"))
                .anySatisfy(text -> assertThat(text)
                        .isEqualTo("BadRetries.undo(Transfer): the compensation of step 'h' waits for a signal."))
                .anySatisfy(text -> assertThat(text).isEqualTo("BadRetries: the deadline is PT876024H."))
                .hasSize(10);
        assertThat(invalid.problems())
                .allSatisfy(problem -> assertThat(problem.hint()).isNotBlank());
    }

    @Test
    void the_builder_tells_the_same_limits() {
        InvalidSagaException invalid = catchThrowableOfType(
                InvalidSagaException.class,
                () -> SagaDefinition.named("limits")
                        .deadline(Duration.ZERO)
                        .data(Transfer.class)
                        .step("a", "bank-a", ReserveFunds.class, t -> new ReserveFunds(t.id()))
                        .compensatedBy("bank-a", ReleaseFunds.class, t -> new ReleaseFunds(t.id()))
                        .timeout(Duration.ZERO)
                        .compensationTimeout(Duration.ofSeconds(-1))
                        .pivot("b", "bank-b", CreditAccount.class, t -> new CreditAccount(t.id()))
                        .timeout(Duration.ofDays(36_501))
                        .compensationRetry(RetryPolicy.DEFAULT)
                        .build());

        assertThat(invalid.problems())
                .extracting(problem -> problem.where() + ": " + problem.message())
                .containsExactlyInAnyOrder(
                        "saga 'limits': the deadline is PT0S.",
                        "saga 'limits', step 'a': the timeout is PT0S.",
                        "saga 'limits', step 'a': the compensation's timeout is PT-1S.",
                        "saga 'limits', step 'b': the timeout is PT876024H.",
                        "saga 'limits', step 'b': step 'b' has no compensation that compensationRetry could be for.");
    }

    @Test
    void limits_of_a_hundred_years_are_possible() {
        assertThat(SagaDefinition.named("limits")
                        .deadline(Duration.ofDays(36_500))
                        .data(Transfer.class)
                        .pivot("b", "bank-b", CreditAccount.class, t -> new CreditAccount(t.id()))
                        .retry(RetryPolicy.DEFAULT.withBackoff(Duration.ofDays(1), Duration.ofDays(36_500)))
                        .build()
                        .deadline())
                .isEqualTo(Duration.ofDays(36_500));
    }
}
