package io.amends.test.simulation;

import io.amends.runtime.wire.InboundRecord;
import io.amends.runtime.wire.SagaMessage;
import io.amends.runtime.wire.Topics;
import io.amends.saga.engine.Outcome;
import java.time.Duration;
import java.util.List;

/** Somebody who sends replies without having been asked. */
final class Forger {

    private Forger() {}

    /** Somebody who was not asked answers in a participant's words. */
    static void answer(SimulatedWorld world) {
        List<InboundRecord> commands = world.participants()
                .flatMap(name -> world.broker().all(Topics.commands(name)).stream())
                .toList();
        List<InboundRecord> replies = world.simulated().registry().names().stream()
                .flatMap(name -> world.broker().all(Topics.replies(name)).stream())
                .toList();
        if (commands.isEmpty() || replies.isEmpty()) {
            return;
        }
        SagaMessage command = SagaMessage.command(commands.get(world.random().nextInt(commands.size())));
        SagaMessage reply = SagaMessage.reply(replies.get(world.random().nextInt(replies.size())));
        world.broker()
                .send(world.messages(Duration.ZERO)
                        .reply(
                                command,
                                "mallory",
                                reply.type(),
                                reply.outcome() == null ? Outcome.SUCCESS : reply.outcome(),
                                reply.payload(),
                                0));
    }
}
