package io.amends.test.simulation;

import io.amends.runtime.DeferredReplies;
import io.amends.runtime.flow.Traffic;
import io.amends.runtime.orchestrator.Orchestration;
import io.amends.runtime.participant.CommandMethod;
import io.amends.runtime.participant.DeferredAnswers;
import io.amends.runtime.participant.Participant;
import io.amends.runtime.participant.ParticipantDefinition;
import io.amends.runtime.wire.InboundRecord;
import io.amends.runtime.wire.Topics;
import io.amends.saga.Deferred;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import java.util.stream.IntStream;
import org.springframework.transaction.support.TransactionTemplate;

/** Makes the processes: the real shells on what the world has. Used by one thread. */
final class SimulatedProcesses {

    private static final int MOST_RECORDS = 6;

    private final SimulatedWorld world;
    private final Simulated simulated;

    SimulatedProcesses(SimulatedWorld world) {
        this.world = world;
        this.simulated = world.simulated();
    }

    /** Those of all services. */
    List<SimulatedProcess> all() {
        List<SimulatedProcess> all = new ArrayList<>();
        List<Duration> skews = world.skews();
        world.connect(world.orchestrator(), skews);
        for (int i = 0; i < simulated.processes(); i++) {
            all.add(orchestrator(skews.get(i), world.orchestrator().relays().get(i)));
        }
        world.participants().forEach(name -> {
            SimulatedService service = world.participant(name);
            List<Duration> theirs = service == world.orchestrator() ? skews : world.skews();
            if (service != world.orchestrator()) {
                world.connect(service, theirs);
            }
            for (int i = 0; i < simulated.processes(); i++) {
                all.add(participant(name, theirs.get(i), service.relays().get(i)));
            }
        });
        return all;
    }

    private SimulatedProcess orchestrator(Duration skew, SimulatedRelay relay) {
        SimulatedProcess process = new SimulatedProcess(() -> {
            Orchestration orchestration = orchestration(skew);
            List<IntSupplier> works = new ArrayList<>();
            works.add(() -> relay.step(1 + world.random().nextInt(MOST_RECORDS)));
            works.add(() -> orchestration.timers().look());
            world.participants()
                    .forEach(name -> works.add(() -> world.isHeld(name)
                            ? 0
                            : orchestration
                                    .admission()
                                    .admit(name, 1 + world.random().nextInt(MOST_RECORDS))));
            world.registry()
                    .names()
                    .forEach(name -> works.addAll(consumers(Topics.replies(name), orchestration.replies()::process)));
            for (ParticipantDefinition child : orchestration.subSagas()) {
                Participant participant = new Participant(
                        stumbling(child), answering(world.orchestrator(), skew), simulated.redelivery());
                works.addAll(consumers(Topics.commands(child.name()), participant::process));
                works.add(() -> participant.redelivery().poll());
            }
            AtomicBoolean calling = new AtomicBoolean();
            simulated
                    .clients()
                    .forEach(client -> works.add(() -> {
                        call(calling, () -> client.accept(orchestration.sagas(), world.random()));
                        return 0;
                    }));
            return works;
        });
        process.restart();
        return process;
    }

    /** One caller at a time in a process: a second one would wait for the first, which can't go on meanwhile. */
    private static void call(AtomicBoolean calling, Runnable call) {
        if (calling.compareAndSet(false, true)) {
            try {
                call.run();
            } finally {
                calling.set(false);
            }
        }
    }

    /** An orchestrator whose machine's clock is so far off. */
    Orchestration orchestration(Duration skew) {
        InstantSource own = () -> world.time().instant().plus(skew);
        return new Orchestration(
                world.registry(),
                new Orchestration.Dependencies(
                        simulated.parts().sagaStore().apply(world.store(), own),
                        world.store(),
                        new Traffic() {
                            @Override
                            public boolean isHeld(String participant) {
                                return world.isHeld(participant);
                            }
                        },
                        world.waiting(),
                        world.orchestrator().database().transactions(),
                        world.orchestrator().outbox(simulated.parts()),
                        world.codec(),
                        world.messages(skew),
                        world.orchestrator().quarantine(),
                        simulated.listeners(),
                        world::id,
                        world.time().millisOff(skew),
                        world.random()::nextDouble),
                new DeferredAnswers(answering(world.orchestrator(), skew), name -> Optional.empty()),
                simulated.parts().engine());
    }

    private SimulatedProcess participant(String name, Duration skew, SimulatedRelay relay) {
        SimulatedService service = world.participant(name);
        SimulatedProcess process = new SimulatedProcess(() -> {
            ParticipantDefinition definition = stumbling(
                    Objects.requireNonNull(simulated.participants().get(name)).apply(service.database()));
            Participant.Dependencies with = answering(service, skew);
            Participant participant = new Participant(definition, with, simulated.redelivery());
            List<IntSupplier> works = new ArrayList<>(consumers(Topics.commands(name), participant::process));
            works.add(() -> relay.step(1 + world.random().nextInt(MOST_RECORDS)));
            works.add(() -> participant.redelivery().poll());
            SimulationBuilder.Clerk clerk = simulated.clerks().get(name);
            if (clerk != null) {
                DeferredReplies answers = new DeferredAnswers(with, other -> Optional.of(definition));
                TransactionTemplate transaction = new TransactionTemplate(with.transactions());
                works.add(() -> {
                    transaction.executeWithoutResult(
                            status -> clerk.answer(service.database(), answers, world.random()));
                    return 0;
                });
            }
            return works;
        });
        process.restart();
        return process;
    }

    /** Answers deferred commands of the participants that share the orchestrator's database. */
    DeferredReplies deferredReplies() {
        return new DeferredAnswers(
                answering(world.orchestrator(), Duration.ZERO),
                name -> Optional.ofNullable(simulated.participants().get(name))
                        .map(made -> made.apply(world.orchestrator().database())));
    }

    /** What participants of a service work with, in a process whose machine's clock is so far off. */
    private Participant.Dependencies answering(SimulatedService service, Duration skew) {
        return new Participant.Dependencies(
                new BrokenPerhaps(service.inboxes(), simulated.parts(), service.database()),
                service.database().transactions(),
                service.outbox(simulated.parts()),
                world.codec(),
                world.messages(skew),
                service.quarantine(),
                world.time().millisOff(skew),
                world.random()::nextDouble);
    }

    /** The participant, whose handlers now and then throw. */
    private ParticipantDefinition stumbling(ParticipantDefinition definition) {
        Map<String, CommandMethod> handlers = new TreeMap<>();
        definition
                .handlers()
                .forEach((type, method) -> handlers.put(
                        type,
                        new CommandMethod(
                                type,
                                method.commandType(),
                                method.rejectable(),
                                method.permanent(),
                                method.reader(),
                                (command, token) -> {
                                    stumblePerhaps();
                                    Deferred<?> reply = method.handler().handle(command, token);
                                    stumblePerhaps();
                                    return reply;
                                })));
        return new ParticipantDefinition(definition.name(), handlers);
    }

    private void stumblePerhaps() {
        if (world.faults().strikes(simulated.faults().handlerError() / 2)) {
            throw new IllegalStateException("the simulation lets this handler throw");
        }
    }

    private List<IntSupplier> consumers(String topic, Consumer<List<InboundRecord>> processor) {
        return IntStream.range(0, SimulatedBroker.PARTITIONS)
                .<IntSupplier>mapToObj(partition -> () -> consume(topic, partition, processor))
                .toList();
    }

    private int consume(String topic, int partition, Consumer<List<InboundRecord>> processor) {
        if (world.faults().strikes(simulated.faults().redelivery())) {
            world.broker().fallBack(topic, partition, 1 + world.random().nextInt(MOST_RECORDS));
        }
        List<InboundRecord> records =
                world.broker().poll(topic, partition, 1 + world.random().nextInt(MOST_RECORDS));
        if (records.isEmpty()) {
            return 0;
        }
        int next = (int) records.get(records.size() - 1).offset() + 1;
        processor.accept(records);
        world.crashPerhaps();
        world.broker().commit(topic, partition, next);
        return records.size();
    }
}
