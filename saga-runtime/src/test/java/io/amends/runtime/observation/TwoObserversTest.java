package io.amends.runtime.observation;

import static org.assertj.core.api.Assertions.assertThat;

import io.amends.runtime.observation.Milestone.Started;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Two observers of one process. */
class TwoObserversTest {

    private final List<String> seen = new ArrayList<>();

    private SagaObserver observer(String name) {
        return new SagaObserver() {
            @Override
            public Work starts(String saga, int version) {
                seen.add(name + " begins " + saga);
                return new Work() {
                    @Override
                    public void came(String outcome) {
                        seen.add(name + " " + outcome);
                    }

                    @Override
                    public void threw(Throwable thrown) {
                        seen.add(name + " " + thrown.getMessage());
                    }

                    @Override
                    public void end() {
                        seen.add(name + " ends");
                    }
                };
            }

            @Override
            public void committed(List<Milestone> milestones) {
                seen.add(name + " " + milestones);
            }
        };
    }

    @Test
    void both_see_the_same_and_what_begins_last_ends_first() {
        SagaObserver both = observer("one").and(observer("two"));

        SagaObserver.Work work = both.starts("order", 1);
        work.came("started");
        work.threw(new IllegalStateException("boom"));
        work.end();
        both.committed(List.of(new Started("order")));

        assertThat(seen)
                .containsExactly(
                        "one begins order",
                        "two begins order",
                        "two started",
                        "one started",
                        "two boom",
                        "one boom",
                        "two ends",
                        "one ends",
                        "one [Started[saga=order]]",
                        "two [Started[saga=order]]");
    }

    @Test
    void with_nobody_beside_it_an_observer_stays_what_it_is() {
        SagaObserver one = observer("one");

        assertThat(one.and(SagaObserver.NONE)).isSameAs(one);
        assertThat(SagaObserver.NONE.and(one)).isSameAs(one);
        assertThat(SagaObserver.NONE.and(SagaObserver.NONE)).isSameAs(SagaObserver.NONE);
        assertThat(new SagaObserver() {}.and(new SagaObserver() {}).starts("order", 1))
                .isSameAs(SagaObserver.Work.UNSEEN);
    }
}
