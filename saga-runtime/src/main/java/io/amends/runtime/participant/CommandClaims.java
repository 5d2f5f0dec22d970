package io.amends.runtime.participant;

import io.amends.runtime.store.Barrier;
import io.amends.runtime.store.Barrier.Claim;
import io.amends.runtime.store.Barrier.Made;
import io.amends.runtime.wire.ReservedTypes;
import io.amends.runtime.wire.SagaMessage;
import io.amends.saga.engine.CommandKind;
import io.amends.saga.engine.Outcome;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a list of commands asks of the barrier before any of them is carried out. Pure. */
final class CommandClaims {

    private CommandClaims() {}

    /** A row for each command, and for a compensation one of its action too. */
    static List<Claim> of(List<ReceivedCommand> commands) {
        List<Claim> claims = new ArrayList<>(commands.size());
        for (ReceivedCommand command : commands) {
            Barrier.Key key = command.key();
            if (key.kind() == CommandKind.COMPENSATION) {
                // Where the action has no row yet, this one refuses it for ever.
                claims.add(new Claim(
                        key.action(),
                        command.message().id(),
                        Outcome.REJECTION,
                        ReservedTypes.ACTION_AFTER_COMPENSATION,
                        0));
            }
            claims.add(new Claim(
                    key, command.message().id(), null, null, command.message().round()));
        }
        return claims;
    }

    /** Rows of what was rejected and is asked anew: the latest round of each. */
    static List<Claim> anew(List<ReceivedCommand> commands) {
        Map<Barrier.Key, Claim> anew = new LinkedHashMap<>();
        Set<Barrier.Key> compensated = new HashSet<>();
        for (ReceivedCommand command : commands) {
            Barrier.Key key = command.key();
            SagaMessage message = command.message();
            if (key.kind() == CommandKind.COMPENSATION) {
                compensated.add(key.action());
            }
            Claim earlier = anew.get(key);
            boolean isLatest = earlier == null || earlier.round() < message.round();
            if (message.round() > 0 && isLatest && !compensated.contains(key)) {
                anew.put(key, new Claim(key, message.id(), null, null, message.round()));
            }
        }
        return List.copyOf(anew.values());
    }

    /** Replies to repeats, and what became of the actions that are to be compensated. */
    static List<Barrier.Key> keysToLoad(List<ReceivedCommand> commands, Set<Made> made) {
        Set<Barrier.Key> keys = new HashSet<>();
        for (ReceivedCommand command : commands) {
            if (!made.contains(new Made(command.key(), command.message().id()))) {
                keys.add(command.key());
            }
            if (command.key().kind() == CommandKind.COMPENSATION) {
                keys.add(command.key().action());
            }
        }
        return List.copyOf(keys);
    }
}
