package io.amends.saga.definition;

import io.amends.saga.AddressedCommand;
import io.amends.saga.Command;
import io.amends.saga.SubSaga;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Makes what a step does out of functions over the saga's data. Immutable. */
final class TypedActions<D> {

    private final String place;
    private final Class<D> dataType;

    /** @param place the saga, for texts */
    TypedActions(String place, Class<D> dataType) {
        this.place = place;
        this.dataType = dataType;
    }

    <C extends Command<?>> StepAction remote(String step, Class<C> type, Function<D, AddressedCommand<C>> make) {
        return new StepAction.Remote(type, null, data -> Optional.of(made(step, make.apply(dataType.cast(data)))));
    }

    <C extends Command<?>> StepAction remote(String step, String participant, Class<C> type, Function<D, C> make) {
        return new StepAction.Remote(
                type,
                participant,
                data -> Optional.of(new AddressedCommand<>(participant, made(step, make.apply(dataType.cast(data))))));
    }

    <C> StepAction starting(String step, String child, String saga, Class<C> type, Function<D, SubSaga<C>> make) {
        return StepAction.Remote.starting(
                child,
                new StepAction.Child(saga, type),
                data -> Optional.of(made(step, make.apply(dataType.cast(data)))));
    }

    StepAction local(String step, UnaryOperator<D> run) {
        return new StepAction.Local(data -> new LocalResult(made(step, run.apply(dataType.cast(data))), null));
    }

    /** What a function returned, which is never null. */
    <T> T made(String step, @Nullable T value) {
        if (value == null) {
            throw new IllegalStateException(
                    "%s: a function returned null. To skip a step, use onlyIf; data is never null."
                            .formatted(where(step)));
        }
        return value;
    }

    /** The step, for texts. */
    String where(String step) {
        return "%s, step '%s'".formatted(place, step);
    }
}
