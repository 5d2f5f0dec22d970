package io.amends.saga.diagram;

import io.amends.saga.engine.SagaPhase;
import io.amends.saga.engine.StepStatus;
import io.amends.saga.engine.Transition;
import io.amends.saga.engine.Transitions;
import io.amends.saga.engine.Trigger;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** The engine's tables of transitions as Mermaid state diagrams; each arrow is named after what may cause it. */
public final class StateDiagram {

    private StateDiagram() {}

    /** The phases of an instance; lines that end in {@code \n}. */
    public static String ofPhases() {
        return Arrays.stream(SagaPhase.values())
                .filter(SagaPhase::isTerminal)
                .map("  %s --> [*]\n"::formatted)
                .collect(Collectors.joining("", draw(SagaPhase.RUNNING, Transitions.OF_PHASES), ""));
    }

    /** The states of a step; lines that end in {@code \n}. */
    public static String ofSteps() {
        return draw(StepStatus.PENDING, Transitions.OF_STEPS);
    }

    private static <S extends Enum<S>> String draw(S first, List<Transition<S>> transitions) {
        return transitions.stream()
                .map(StateDiagram::arrow)
                .collect(Collectors.joining("", "stateDiagram-v2\n  [*] --> %s\n".formatted(first), ""));
    }

    private static String arrow(Transition<?> transition) {
        return "  %s --> %s: %s\n"
                .formatted(
                        transition.from(),
                        transition.to(),
                        transition.triggers().stream()
                                .sorted()
                                .map(Trigger::word)
                                .collect(Collectors.joining(", ")));
    }
}
