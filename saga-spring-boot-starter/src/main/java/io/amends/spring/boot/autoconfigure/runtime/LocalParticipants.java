package io.amends.spring.boot.autoconfigure.runtime;

import io.amends.runtime.participant.Participant;
import java.util.List;

/**
 * The participants of this process. Immutable.
 *
 * @param all by name, ascending
 */
public record LocalParticipants(List<Participant> all) {

    public LocalParticipants {
        all = List.copyOf(all);
    }
}
