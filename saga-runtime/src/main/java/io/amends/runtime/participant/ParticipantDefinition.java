package io.amends.runtime.participant;

import java.util.Map;

/**
 * A participant and the commands that it handles. Immutable.
 *
 * @param name its name, which gives its topic
 * @param handlers by logical command type
 */
public record ParticipantDefinition(String name, Map<String, CommandMethod> handlers) {

    public ParticipantDefinition {
        handlers = Map.copyOf(handlers);
    }
}
