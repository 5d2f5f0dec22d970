package io.amends.test.simulation;

import io.amends.runtime.wire.InboundRecord;
import io.amends.runtime.wire.SagaMessage;
import io.amends.runtime.wire.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Somebody who answers in a participant's words without having been asked. */
final class Forger {

    private static final int LATEST = 8;

    private Forger() {}

    static void answer(SimulatedWorld world) {
        List<SagaMessage> commands = world.participants()
                .flatMap(name -> latest(world.broker().all(Topics.commands(name))))
                .map(SagaMessage::command)
                .toList();
        if (commands.isEmpty()) {
            return;
        }
        SagaMessage command = commands.get(world.random().nextInt(commands.size()));
        // One of each type, so that a rare answer is given as often as a common one.
        Map<String, SagaMessage> known = new TreeMap<>();
        world.broker().all(Topics.replies(command.sagaName())).stream()
                .map(SagaMessage::reply)
                .filter(reply -> reply.kind() == command.kind())
                .forEach(reply -> known.put(reply.type(), reply));
        List<SagaMessage> replies = List.copyOf(known.values());
        if (replies.isEmpty()) {
            return;
        }
        SagaMessage reply = replies.get(world.random().nextInt(replies.size()));
        world.broker()
                .send(world.messages(Duration.ZERO)
                        .reply(
                                command,
                                "mallory",
                                reply.type(),
                                Objects.requireNonNull(reply.outcome()),
                                reply.payload(),
                                0));
    }

    /** The last ones, which are the likeliest to be open still. */
    private static Stream<InboundRecord> latest(List<InboundRecord> records) {
        return records.subList(Math.max(0, records.size() - LATEST), records.size()).stream();
    }
}
