package io.amends.saga.engine;

import io.amends.saga.AddressedCommand;
import io.amends.saga.Escalation;
import io.amends.saga.Signal;
import io.amends.saga.StepKind;
import io.amends.saga.definition.Hooks;
import io.amends.saga.definition.LocalResult;
import io.amends.saga.definition.ReplyHandler;
import io.amends.saga.definition.RetryPolicy;
import io.amends.saga.definition.SagaDefinition;
import io.amends.saga.definition.StepAction;
import io.amends.saga.definition.StepDefinition;
import io.amends.saga.engine.Conversation.Book;
import io.amends.saga.engine.Conversation.BookReply;
import io.amends.saga.engine.Conversation.Booked;
import io.amends.saga.engine.Conversation.Cancel;
import io.amends.saga.engine.Conversation.Trip;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Definitions by chance that keep the rules: parallel groups of compensatable steps, perhaps a pivot, retriable steps;
 * remote, local or waiting for a signal; limits and escalations of every kind. A moody one makes commands that are
 * missing, or throws, as the data changes.
 */
final class RandomSagas {

    private final Random random;
    private final boolean moody;
    private final List<StepDefinition> steps = new ArrayList<>();

    private RandomSagas(Random random, boolean moody) {
        this.random = random;
        this.moody = moody;
    }

    static SagaDefinition one(Random random, boolean moody) {
        return new RandomSagas(random, moody).define();
    }

    /** The same under the next number. */
    static SagaDefinition renumbered(SagaDefinition saga) {
        return second(saga, saga.steps());
    }

    private static SagaDefinition second(SagaDefinition saga, List<StepDefinition> steps) {
        return new SagaDefinition(
                saga.name(), 2, Trip.class, saga.deadline(), saga.onDeadline(), steps, Hooks.NONE, "second");
    }

    /** The same with one or two changes: a step more or less, two in each other's place, or another way back. */
    static SagaDefinition changed(SagaDefinition saga, Random random) {
        RandomSagas chance = new RandomSagas(random, false);
        saga.steps().forEach(step -> chance.steps.add(at(step, step.order() * 10)));
        for (int change = 1 + random.nextInt(2); change > 0; change--) {
            StepDefinition one = chance.steps.get(random.nextInt(chance.steps.size()));
            StepDefinition other = chance.steps.get(random.nextInt(chance.steps.size()));
            int choice = random.nextInt(6);
            if (choice == 0 && chance.steps.size() > 1) {
                chance.steps.remove(one);
            } else if (choice == 1 && one.kind() == other.kind() && one != other) {
                chance.steps.set(chance.steps.indexOf(one), at(one, other.order()));
                chance.steps.set(chance.steps.indexOf(other), at(other, one.order()));
            } else if (choice == 2) {
                chance.steps.set(chance.steps.indexOf(one), chance.undoneElsewhere(one));
            } else if (one.kind() != StepKind.PIVOT) {
                boolean parallel = random.nextInt(3) == 0;
                chance.group(one.order() + (parallel ? 0 : random.nextBoolean() ? 1 : -1), one.kind(), 1);
                StepDefinition added = chance.steps.get(chance.steps.size() - 1);
                chance.steps.set(chance.steps.size() - 1, named("n%d".formatted(chance.steps.size()), added));
            }
        }
        chance.steps.sort(Comparator.comparingInt(StepDefinition::order).thenComparing(StepDefinition::name));
        return second(saga, chance.steps);
    }

    private static StepDefinition at(StepDefinition step, int order) {
        return with(step, step.name(), order, step.compensation());
    }

    private static StepDefinition named(String name, StepDefinition step) {
        return with(step, name, step.order(), step.compensation());
    }

    private StepDefinition undoneElsewhere(StepDefinition step) {
        return with(step, step.name(), step.order(), step.compensation() == null ? null : remote("e", "e", true));
    }

    private static StepDefinition with(StepDefinition step, String name, int order, @Nullable StepAction compensation) {
        return new StepDefinition(
                name,
                order,
                step.kind(),
                step.action(),
                compensation,
                step.replyHandlers(),
                step.timeout(),
                step.retry(),
                step.onExhausted(),
                step.compensationTimeout(),
                step.compensationRetry(),
                step.sla());
    }

    private SagaDefinition define() {
        int order = 1;
        for (int group = random.nextInt(4); group > 0; group--) {
            order = group(order, StepKind.COMPENSATABLE, 1 + random.nextInt(3));
        }
        boolean pivot = random.nextInt(4) > 0;
        if (pivot) {
            order = group(order, StepKind.PIVOT, 1);
        }
        for (int group = random.nextInt(3) + (steps.isEmpty() ? 1 : 0); group > 0; group--) {
            order = group(order, StepKind.RETRIABLE, 1 + random.nextInt(2));
        }
        return new SagaDefinition(
                "random", 1, Trip.class, maybe(60), any(Escalation.values()), steps, Hooks.NONE, "fingerprint");
    }

    private int group(int order, StepKind kind, int size) {
        for (int i = 0; i < size; i++) {
            String name = "s%d-%d".formatted(order, i);
            StepAction action = action(name);
            boolean waits = action instanceof StepAction.Await;
            boolean undoable = kind == StepKind.COMPENSATABLE && !waits;
            steps.add(new StepDefinition(
                    name,
                    order,
                    kind,
                    action,
                    undoable ? random.nextInt(4) == 0 ? local() : remote("c-" + name, name, true) : null,
                    List.of(new ReplyHandler(Booked.class, (data, reply) -> ((Trip) data).note("x"))),
                    waits ? maybe(40) : Duration.ofSeconds(1 + random.nextInt(20)),
                    policy(),
                    any(Escalation.values()),
                    maybe(20),
                    policy(),
                    maybe(10)));
        }
        return order + 1;
    }

    private StepAction action(String name) {
        return switch (random.nextInt(6)) {
            case 0 -> local();
            case 1 -> new StepAction.Await(BookReply.class, wanted());
            default -> remote("p-" + name, name, false);
        };
    }

    /** Whether somebody's word is wanted: always, or as the data says. */
    private Function<Object, Optional<Signal<?>>> wanted() {
        boolean conditional = random.nextInt(4) == 0;
        boolean fickle = moody && random.nextBoolean();
        return data -> Optional.<Signal<?>>of(Signal.awaited("go"))
                .filter(go -> !conditional || insured(data))
                .filter(go -> !fickle || ((Trip) data).notes().length() % 4 != 3);
    }

    private StepAction local() {
        return new StepAction.Local(data -> new LocalResult(data, null));
    }

    private StepAction remote(String participant, String name, boolean undo) {
        boolean conditional = random.nextInt(5) == 0;
        int mood = moody ? random.nextInt(6) : -1;
        return new StepAction.Remote(null, participant, data -> {
            int length = ((Trip) data).notes().length();
            if ((mood == 0 && length % 4 == 3) || (mood == 3 && length == 0)) {
                throw new IllegalStateException("not in the mood");
            }
            if ((conditional && !insured(data)) || (mood == 1 && length % 4 == 1)) {
                return Optional.empty();
            }
            String to = mood == 2 && length % 4 == 3 ? "elsewhere" : participant;
            return Optional.of(new AddressedCommand<>(to, undo ? new Cancel(name) : new Book(name)));
        });
    }

    private static boolean insured(Object data) {
        return ((Trip) data).insured();
    }

    private RetryPolicy policy() {
        Duration first = Duration.ofSeconds(random.nextInt(5));
        return new RetryPolicy(
                1 + random.nextInt(3),
                first,
                first.plusSeconds(random.nextInt(10)),
                2,
                random.nextBoolean(),
                maybe(30),
                thrown -> false);
    }

    private @Nullable Duration maybe(int seconds) {
        return random.nextBoolean() ? null : Duration.ofSeconds(1 + random.nextInt(seconds));
    }

    private <T> T any(T[] values) {
        return values[random.nextInt(values.length)];
    }
}
