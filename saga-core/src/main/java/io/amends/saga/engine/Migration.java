package io.amends.saga.engine;

import io.amends.saga.MessageTypes;
import io.amends.saga.Rejection;
import io.amends.saga.Reply;
import io.amends.saga.definition.Contract;
import io.amends.saga.definition.ReplyHandler;
import io.amends.saga.definition.SagaDefinition;
import io.amends.saga.definition.StepShape;
import io.amends.saga.engine.SagaEvent.Migrate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What stands in the way of an instance's going on as another version: anything that would make what it did until now mean
 * something else. Steps that have begun must be the same ones in the same order, none may be missed out before them, what is
 * made of their replies must be there, and the point of no return must lie on the same side of where the instance stands. Pure.
 */
final class Migration {

    private static final int MOST = 5;

    private final SagaDefinition to;
    private final SagaState state;
    private final int from;
    private final List<StepShape> before;
    private final List<StepShape> after;
    private final Map<String, StepShape> was;
    private final Map<String, StepShape> is;
    private final List<String> obstacles = new ArrayList<>();

    private Migration(SagaDefinition to, SagaState state, Migrate move) {
        this.to = to;
        this.state = state;
        this.from = move.version();
        this.before = move.steps();
        this.after = StepShape.of(to);
        this.was = byName(before);
        this.is = byName(after);
    }

    private static Map<String, StepShape> byName(List<StepShape> steps) {
        return steps.stream().collect(Collectors.toMap(StepShape::name, Function.identity()));
    }

    /** What stands in the way, in sentences; empty if nothing does. */
    static List<String> obstacles(SagaDefinition to, SagaState state, Migrate from) {
        if (from.version() == to.version()) {
            return List.of("It is of version %d already.".formatted(to.version()));
        }
        Migration migration = new Migration(to, state, from);
        if (from.awaited() && !to.subSaga()) {
            migration.obstacle("A step of another saga waits for its end, and version %d is no sub-saga", to.version());
        }
        migration.compareSteps();
        migration.comparePointOfNoReturn();
        List<String> all = migration.obstacles;
        return all.size() <= MOST ? all : all.subList(0, MOST);
    }

    private void compareSteps() {
        List<StepShape> begun = new ArrayList<>();
        for (StepState step : state.steps().values()) {
            StepShape old = was.get(step.name());
            StepShape now = is.get(step.name());
            boolean isNothing = !hasBegun(step) || (now == null && step.status() == StepStatus.SKIPPED);
            if (!isNothing && isSame(step, old, now)) {
                begun.add(now);
            }
        }
        for (StepShape step : begun) {
            compareOrder(step, begun);
            if (state.cause() == null) {
                findMissedOut(step);
            }
        }
    }

    /** What is held has its turn. */
    private static boolean hasBegun(StepState step) {
        return step.status() != StepStatus.PENDING || step.held() != null;
    }

    private boolean isSame(StepState step, @Nullable StepShape old, @Nullable StepShape now) {
        if (now == null) {
            obstacle("Step '%s' is %s, and version %d has no such step", step.name(), step.status(), to.version());
        } else if (old == null) {
            obstacle("Step '%s' is %s, and nobody knows what it was", step.name(), step.status());
        } else if (!old.does().equals(now.does())) {
            obstacle(
                    "Step '%s' is %s, and another one in version %d: it was '%s' and would be '%s'",
                    step.name(), step.status(), to.version(), old.does(), now.does());
        } else if (!neverTaken(step, old).isEmpty()) {
            obstacle(
                    "Step '%s' is %s, and its reply %s taken into the data, as version %d takes '%s': what is made of it, such as a compensation, would miss that. Declare in a method with @MigratesData(from = %d) what stands in its place",
                    step.name(),
                    step.status(),
                    old.takes().isEmpty() ? "was not" : "may not have been",
                    to.version(),
                    String.join("', '", neverTaken(step, old)),
                    from);
        } else {
            return true;
        }
        return false;
    }

    /**
     * What only the other version takes of a reply that has come: it won't come again. A rejection is not what a step that
     * succeeded was answered with; and who makes the data anew knows what is missing there.
     */
    private List<String> neverTaken(StepState step, StepShape old) {
        if (step.outcome() != Outcome.SUCCESS || to.migrationFrom(from).isPresent()) {
            return List.of();
        }
        List<String> taken = List.of(old.takes().split(", "));
        return to.step(step.name()).stream()
                .flatMap(definition -> definition.replyHandlers().stream())
                .map(ReplyHandler::replyType)
                .filter(type -> !Rejection.class.isAssignableFrom(type) && !wasTaken(type, taken))
                .map(MessageTypes::nameOf)
                .toList();
    }

    /** Whether whatever is of the type was taken: as that type or a general one, or each reply that it can be. */
    private static boolean wasTaken(Class<? extends Reply> type, List<String> taken) {
        Contract included = Contract.ofReply(type);
        return isNamed(type, taken)
                || (included.isClosed()
                        && included.replies().stream()
                                .filter(reply -> !Rejection.class.isAssignableFrom(reply))
                                .allMatch(reply -> isNamed(reply, taken)));
    }

    private static boolean isNamed(Class<?> type, List<String> taken) {
        return taken.contains(MessageTypes.nameOf(type))
                || Stream.concat(Stream.ofNullable(type.getSuperclass()), Stream.of(type.getInterfaces()))
                        .filter(Reply.class::isAssignableFrom)
                        .anyMatch(each -> isNamed(each, taken));
    }

    private void compareOrder(StepShape step, List<StepShape> begun) {
        for (StepShape other : begun) {
            boolean isFirst = step.name().compareTo(other.name()) < 0;
            if (isFirst && order(was, step, other) != order(is, step, other)) {
                obstacle(
                        "Steps '%s' and '%s' have begun and follow each other otherwise in version %d",
                        step.name(), other.name(), to.version());
            }
        }
    }

    /** Forward, what has not begun and stands before it would begin only now; unless that was so all along. */
    private void findMissedOut(StepShape begun) {
        for (StepShape step : after) {
            boolean isMissedOut = step.position() < begun.position() && !hasBegun(state.step(step.name()));
            boolean wasSo = was.containsKey(step.name()) && order(was, step, begun) < 0;
            if (isMissedOut && !wasSo) {
                obstacle(
                        "Step '%s' has not begun and stands before '%s' in version %d, which has",
                        step.name(), begun.name(), to.version());
            }
        }
    }

    private static int order(Map<String, StepShape> steps, StepShape one, StepShape other) {
        StepShape first = steps.get(one.name());
        StepShape second = steps.get(other.name());
        return first == null || second == null ? 0 : Integer.signum(first.position() - second.position());
    }

    private void comparePointOfNoReturn() {
        boolean couldTurnBack = Standing.canTurnBack(before, state);
        if (couldTurnBack != Standing.canTurnBack(after, state)) {
            obstacle(
                    couldTurnBack
                            ? "It can still turn back, and could not in version %d"
                            : "It is past its point of no return, and would not be in version %d",
                    to.version());
        }
    }

    private void obstacle(String sentence, Object... about) {
        obstacles.add(sentence.formatted(about) + ".");
    }
}
