package io.amends.saga.diagram;

import io.amends.saga.MessageTypes;
import io.amends.saga.StepKind;
import io.amends.saga.definition.SagaDefinition;
import io.amends.saga.definition.StepAction;
import io.amends.saga.definition.StepDefinition;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A definition as a Mermaid flowchart: solid arrows go forward from group to group of parallel steps, dotted ones back
 * through the compensations in reverse order. The pivot is a hexagon, a signal a flag, a local step a rounded box. The
 * same definition always gives the same text.
 */
public final class SagaDiagram {

    private final SagaDefinition definition;
    private final StringBuilder text = new StringBuilder();

    private SagaDiagram(SagaDefinition definition) {
        this.definition = definition;
    }

    /** The flowchart, lines that end in {@code \n}. */
    public static String mermaid(SagaDefinition definition) {
        return new SagaDiagram(definition).draw();
    }

    private String draw() {
        line("flowchart LR");
        line("  started([\"%s v%d\"])".formatted(definition.name(), definition.version()));
        List<List<StepDefinition>> groups = groups();
        definition.steps().forEach(this::node);
        line("  completed([COMPLETED])");
        List<String> before = List.of("started");
        for (List<StepDefinition> group : groups) {
            List<String> here = group.stream().map(SagaDiagram::id).toList();
            line("  %s --> %s".formatted(joined(before), joined(here)));
            before = here;
        }
        line("  %s --> completed".formatted(joined(before)));
        drawWayBack(groups);
        return text.toString();
    }

    /** The steps by their order; those of one order run in parallel. */
    private List<List<StepDefinition>> groups() {
        return List.copyOf(definition.steps().stream()
                .collect(Collectors.groupingBy(StepDefinition::order, TreeMap::new, Collectors.toList()))
                .values());
    }

    private void drawWayBack(List<List<StepDefinition>> groups) {
        List<List<StepDefinition>> undone = new ArrayList<>(groups.stream()
                .map(group -> group.stream()
                        .filter(step -> step.compensation() != null)
                        .toList())
                .filter(group -> !group.isEmpty())
                .toList());
        undone.sort(Comparator.comparingInt(group -> -group.get(0).order()));
        if (definition.steps().stream().noneMatch(SagaDiagram::canTurnBack)) {
            return;
        }
        line("  compensated([COMPENSATED])");
        for (List<StepDefinition> group : undone) {
            for (StepDefinition step : group) {
                line("  undo-%s[/\"undo %s%s\"\\]".formatted(step.name(), step.name(), what(step.compensation())));
            }
        }
        for (StepDefinition step : definition.steps()) {
            if (canTurnBack(step)) {
                line("  %s -. turns back .-> %s".formatted(id(step), firstUndo(undone, step)));
            }
        }
        for (int i = 0; i < undone.size(); i++) {
            String next = i + 1 < undone.size() ? joinedUndo(undone.get(i + 1)) : "compensated";
            line("  %s -.-> %s".formatted(joinedUndo(undone.get(i)), next));
        }
    }

    /** A step that must succeed never turns the saga back by itself. */
    private static boolean canTurnBack(StepDefinition step) {
        return step.kind() != StepKind.RETRIABLE;
    }

    /** What is compensated first: the step itself and those beside it, where its outcome is unknown, else earlier ones. */
    private static String firstUndo(List<List<StepDefinition>> undone, StepDefinition step) {
        return undone.stream()
                .filter(group -> group.get(0).order() <= step.order())
                .findFirst()
                .map(SagaDiagram::joinedUndo)
                .orElse("compensated");
    }

    private static String joined(List<String> ids) {
        return String.join(" & ", ids);
    }

    private static String joinedUndo(List<StepDefinition> group) {
        return group.stream().map(step -> "undo-" + step.name()).collect(Collectors.joining(" & "));
    }

    private void node(StepDefinition step) {
        String label = "\"%s%s\"".formatted(step.name(), what(step.action()));
        String shape;
        if (step.kind() == StepKind.PIVOT) {
            shape = "{{%s}}";
        } else if (step.action() instanceof StepAction.Await) {
            shape = ">%s]";
        } else {
            shape = step.action() instanceof StepAction.Local ? "(%s)" : "[%s]";
        }
        line("  " + id(step) + shape.formatted(label));
    }

    private static String id(StepDefinition step) {
        // "end" and the like are words of Mermaid's own.
        return "step-" + step.name();
    }

    private static String what(@Nullable StepAction action) {
        if (action instanceof StepAction.Remote remote && remote.starts() != null) {
            return "<br/>starts " + remote.starts().saga();
        }
        if (action instanceof StepAction.Remote remote) {
            String command = remote.commandType() == null ? "" : MessageTypes.nameOf(remote.commandType());
            String to = remote.participant() == null ? "" : " to " + remote.participant();
            return (command + to).isEmpty() ? "" : "<br/>" + (command + to).strip();
        }
        return action instanceof StepAction.Await await
                ? "<br/>waits for " + MessageTypes.nameOf(await.replyType())
                : "";
    }

    private void line(String words) {
        text.append(words).append('\n');
    }
}
