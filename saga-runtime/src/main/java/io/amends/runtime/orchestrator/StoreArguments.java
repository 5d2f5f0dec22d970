package io.amends.runtime.orchestrator;

import io.amends.runtime.sql.Arguments;
import io.amends.runtime.store.StoredSaga.AnsweredCommand;
import io.amends.runtime.store.StoredSaga.HistoryEntry;
import io.amends.runtime.store.StoredSaga.SentCommand;
import io.amends.saga.engine.Cause;
import io.amends.saga.engine.Pause;
import io.amends.saga.engine.SagaState;
import io.amends.saga.engine.StepState;
import io.amends.saga.engine.StepStatus;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Arguments of the store's statements, with the column groups that two of them share. */
final class StoreArguments extends Arguments<StoreArguments> {

    StoreArguments steps(List<StepState> steps) {
        return array("text", steps, StepState::name)
                .array("text", steps, step -> step.status().name())
                .array("text", steps, StepState::participant)
                .array("text", steps, step -> nameOf(step.outcome()))
                .array("int", steps, StepState::attempts)
                .array("text", steps, StepState::error)
                .array("text", steps, StepState::errorFrames);
    }

    StoreArguments history(List<HistoryEntry> history) {
        return array("bigint", history, HistoryEntry::clock)
                .array("text", history, HistoryEntry::event)
                .array("text", history, HistoryEntry::step)
                .array("text", history, HistoryEntry::kind)
                .array("text", history, HistoryEntry::participant)
                .array("uuid", history, HistoryEntry::messageId)
                .array("text", history, HistoryEntry::disposition)
                .array("text", history, HistoryEntry::phase)
                .array("text", history, HistoryEntry::detail)
                .array("text", history, HistoryEntry::place)
                .array("bytea", history, HistoryEntry::data)
                .array("uuid", history, entry -> of(entry, SentCommand::messageId))
                .array("text", history, entry -> of(entry, SentCommand::step))
                .array("text", history, entry -> of(entry, SentCommand::kind))
                .array("text", history, entry -> of(entry, SentCommand::participant))
                .array("text", history, entry -> of(entry, SentCommand::detail))
                .array("uuid", history, entry -> answered(entry, AnsweredCommand::messageId))
                .array("text", history, entry -> answered(entry, AnsweredCommand::place));
    }

    private static <T> @Nullable T of(HistoryEntry entry, Function<SentCommand, @Nullable T> column) {
        SentCommand sent = entry.sent();
        return sent == null ? null : column.apply(sent);
    }

    private static <T> @Nullable T answered(HistoryEntry entry, Function<AnsweredCommand, @Nullable T> column) {
        AnsweredCommand answered = entry.answered();
        return answered == null ? null : column.apply(answered);
    }

    @Override
    protected StoreArguments self() {
        return this;
    }

    static @Nullable String text(@Nullable Instant time) {
        return time == null ? null : time.toString();
    }

    static @Nullable String codeOf(@Nullable Cause cause) {
        return cause == null ? null : cause.code().name();
    }

    static @Nullable String textOf(@Nullable Cause cause) {
        return cause == null ? null : cause.text();
    }

    static @Nullable String reasonOf(@Nullable Pause pause) {
        return pause == null ? null : pause.reason();
    }

    static @Nullable String untilOf(@Nullable Pause pause) {
        return pause == null ? null : text(pause.until());
    }

    static @Nullable String heldFor(StepState step) {
        return step.held() == null ? null : step.held().participant();
    }

    static @Nullable Instant heldSince(StepState step) {
        return step.held() == null ? null : step.held().since();
    }

    /** How often the open step was sent that was sent most; null if none was sent more than once. */
    static @Nullable Integer triedOf(SagaState state) {
        return state.steps().values().stream()
                .filter(step -> step.status() == StepStatus.SENT || step.status() == StepStatus.COMPENSATING)
                .map(StepState::attempts)
                .filter(attempts -> attempts > 1)
                .max(Integer::compareTo)
                .orElse(null);
    }

    /** Null for the first, as a process of an older version writes it. */
    static @Nullable Integer roundOf(StepState step) {
        return step.round() == 0 ? null : step.round();
    }

    static @Nullable String nameOf(@Nullable Enum<?> constant) {
        return constant == null ? null : constant.name();
    }
}
