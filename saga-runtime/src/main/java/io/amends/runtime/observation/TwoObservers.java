package io.amends.runtime.observation;

import io.amends.runtime.wire.SagaMessage;
import java.util.List;

/** Two that see the same. What begins last ends first, as for one. */
record TwoObservers(SagaObserver first, SagaObserver second) implements SagaObserver {

    @Override
    public Work starts(String saga, int version) {
        return both(first.starts(saga, version), second.starts(saga, version));
    }

    @Override
    public Work handles(String participant, SagaMessage command) {
        return both(first.handles(participant, command), second.handles(participant, command));
    }

    @Override
    public Work takes(String saga, SagaMessage reply) {
        return both(first.takes(saga, reply), second.takes(saga, reply));
    }

    @Override
    public void committed(List<Milestone> milestones) {
        first.committed(milestones);
        second.committed(milestones);
    }

    private static Work both(Work outer, Work inner) {
        if (outer == Work.UNSEEN || inner == Work.UNSEEN) {
            return outer == Work.UNSEEN ? inner : outer;
        }
        return new Work() {
            @Override
            public void came(String outcome) {
                inner.came(outcome);
                outer.came(outcome);
            }

            @Override
            public void threw(Throwable thrown) {
                inner.threw(thrown);
                outer.threw(thrown);
            }

            @Override
            public void end() {
                inner.end();
                outer.end();
            }
        };
    }
}
