package io.amends.spring.boot.autoconfigure.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.amends.runtime.SagaListener;
import io.amends.saga.engine.SagaPhase;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.ObjectProvider;

class LateListenersTest {

    private static final List<SagaListener.Change> CHANGES =
            List.of(new SagaListener.Change(new UUID(0, 1), "order", "k-1", SagaPhase.COMPLETED));

    private final List<String> heard = new ArrayList<>();
    private int looks;

    private LateListeners telling(SagaListener... listeners) {
        return new LateListeners(new ObjectProvider<>() {
            @Override
            public Stream<SagaListener> orderedStream() {
                looks++;
                return Stream.of(listeners);
            }
        });
    }

    @Test
    void listeners_are_looked_for_at_the_first_change_and_not_again() {
        LateListeners telling = telling(changes -> heard.add("first"), changes -> heard.add("second"));
        assertThat(looks).isZero();

        telling.changed(CHANGES);
        telling.changed(CHANGES);

        assertThat(looks).isOne();
        assertThat(heard).containsExactly("first", "second", "first", "second");
    }

    @Test
    void one_that_throws_does_not_keep_the_others_from_hearing() {
        telling(
                        changes -> {
                            throw new IllegalStateException("not today");
                        },
                        changes -> heard.add("second"))
                .changed(CHANGES);

        assertThat(heard).containsExactly("second");
    }
}
