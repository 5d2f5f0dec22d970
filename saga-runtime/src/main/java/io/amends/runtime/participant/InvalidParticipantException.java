package io.amends.runtime.participant;

import java.util.List;

/** A participant class is wrong; the text lists every problem. */
public final class InvalidParticipantException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** For that class. */
    public InvalidParticipantException(Class<?> declaring, List<String> problems) {
        super("Participant %s has %d problem(s):%n- %s"
                .formatted(declaring.getName(), problems.size(), String.join("%n- ".formatted(), problems)));
    }
}
