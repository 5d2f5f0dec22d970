package io.amends.twopc.simulation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;

/** One run: a queue of events in virtual time, one thread, no clock. What happens follows from the scenario alone. */
final class Simulation {

    private sealed interface Event {

        record Arrival(String from, String to, Kind kind) implements Event {}

        /** An alarm of a life that has ended since does not ring. */
        record Ring(String process, Alarm alarm, int life) implements Event {}

        record Return(String process) implements Event {}

        record Cut(Fault.Partition partition, boolean begins) implements Event {}
    }

    private record Due(int at, int order, Event event) {}

    private final Scenario scenario;
    private final Map<String, Process> processes;
    private final Random network;
    private final PriorityQueue<Due> queue =
            new PriorityQueue<>(Comparator.comparingInt(Due::at).thenComparingInt(Due::order));
    private final Map<String, Integer> steps = new HashMap<>();
    private final Map<String, Integer> lives = new HashMap<>();
    private final Map<String, Integer> inDoubtSince = new HashMap<>();
    private final Map<String, Integer> longestInDoubt = new HashMap<>();
    private final Set<String> down = new HashSet<>();
    private final Set<String> crashed = new HashSet<>();
    private final Set<String> voted = new HashSet<>();
    private final Set<State> ends = EnumSet.noneOf(State.class);
    private final Trace trace = new Trace();
    private int now;
    private int order;

    private Simulation(Protocol protocol, Scenario scenario) {
        this.scenario = scenario;
        this.processes = protocol.processes(scenario);
        this.network = new Random(scenario.network());
    }

    /** Until all banks have ended and everybody is up, or the horizon. */
    static Run run(Protocol protocol, Scenario scenario) {
        return run(protocol, scenario, Scenario.HORIZON);
    }

    static Run run(Protocol protocol, Scenario scenario, int horizon) {
        return new Simulation(protocol, scenario).run(horizon);
    }

    private Run run(int horizon) {
        for (Fault fault : scenario.faults()) {
            if (fault instanceof Fault.Partition partition) {
                at(partition.from(), new Event.Cut(partition, true));
                at(partition.until(), new Event.Cut(partition, false));
            }
        }
        // Banks first: each has its open transaction when the coordinator asks.
        for (String bank : scenario.bankNames()) {
            apply(bank, process(bank).begin(), "");
        }
        apply(Scenario.COORDINATOR, process(Scenario.COORDINATOR).begin(), "");
        while (!over()) {
            Due due = queue.poll();
            if (due == null || due.at() > horizon) {
                now = horizon;
                break;
            }
            now = due.at();
            happens(due.event());
        }
        Map<String, State> states = new HashMap<>();
        processes.forEach((name, process) -> states.put(name, process.state()));
        scenario.bankNames().forEach(this::noLongerInDoubt);
        return new Run(scenario, states, ends, voted, crashed, longestInDoubt, trace);
    }

    private boolean over() {
        return down.isEmpty()
                && scenario.bankNames().stream()
                        .allMatch(bank -> process(bank).state().ended());
    }

    private void happens(Event event) {
        if (event instanceof Event.Arrival message) {
            if (down.contains(message.to()) || parted(message.from(), message.to())) {
                trace.lost(now, message.from(), message.to(), message.kind());
            } else {
                trace.arrived(now, message.from(), message.to(), message.kind());
                apply(message.to(), process(message.to()).receive(message.from(), message.kind()), "");
            }
        } else if (event instanceof Event.Ring ring) {
            if (!down.contains(ring.process()) && ring.life() == life(ring.process())) {
                apply(
                        ring.process(),
                        process(ring.process()).wake(ring.alarm()),
                        ring.alarm().words());
            }
        } else if (event instanceof Event.Return back) {
            down.remove(back.process());
            trace.note(now, back.process(), "is back");
            apply(back.process(), process(back.process()).comeBack(), "");
        } else if (event instanceof Event.Cut cut) {
            trace.note(now, "the network", cut.begins() ? "is parted" : "is whole again");
        }
    }

    private void apply(String name, Step step, String why) {
        int number = steps.merge(name, 1, Integer::sum);
        State before = process(name).state();
        State after = step.next().state();
        processes.put(name, step.next());
        if (!why.isEmpty() && (before != after || !step.sends().isEmpty())) {
            trace.note(now, name, why);
        }
        changed(name, before, after);
        List<Step.Send> sends = step.sends();
        Optional<Fault.Crash> crash = crashOf(name, number);
        if (crash.isPresent()) {
            sends = sends.subList(0, Math.min(crash.get().sent(), sends.size()));
            crash(crash.get());
        }
        sends.forEach(message -> send(name, message));
        if (!down.contains(name)) {
            step.wakes().forEach(wake -> at(now + wake.after(), new Event.Ring(name, wake.alarm(), life(name))));
        }
    }

    private Optional<Fault.Crash> crashOf(String name, int step) {
        return scenario.faults().stream()
                .filter(Fault.Crash.class::isInstance)
                .map(Fault.Crash.class::cast)
                .filter(crash -> crash.process().equals(name) && crash.step() == step)
                .findFirst();
    }

    private void changed(String name, State before, State after) {
        if (before == after) {
            return;
        }
        trace.note(now, name, after.words());
        if (after.ended()) {
            ends.add(after);
        }
        if (after == State.PREPARED && before == State.WORKING) {
            voted.add(name);
            inDoubtSince.put(name, now);
        } else if (!after.inDoubt()) {
            noLongerInDoubt(name);
        }
    }

    private void noLongerInDoubt(String bank) {
        Integer since = inDoubtSince.remove(bank);
        if (since != null) {
            longestInDoubt.merge(bank, now - since, Math::max);
        }
    }

    private void crash(Fault.Crash crash) {
        String name = crash.process();
        trace.note(now, name, "crashes");
        crashed.add(name);
        down.add(name);
        lives.merge(name, 1, Integer::sum);
        at(now + crash.away(), new Event.Return(name));
    }

    private void send(String from, Step.Send message) {
        int delay = 1 + network.nextInt(scenario.slowest());
        boolean lost = network.nextInt(100) < scenario.lostPercent() && now < Scenario.HEALED;
        if (lost || parted(from, message.to())) {
            trace.lost(now, from, message.to(), message.kind());
        } else {
            at(now + delay, new Event.Arrival(from, message.to(), message.kind()));
        }
    }

    private boolean parted(String one, String other) {
        return scenario.faults().stream()
                .anyMatch(fault -> fault instanceof Fault.Partition partition && partition.parts(one, other, now));
    }

    private void at(int tick, Event event) {
        queue.add(new Due(tick, order++, event));
    }

    private int life(String process) {
        return lives.getOrDefault(process, 0);
    }

    private Process process(String name) {
        Process process = processes.get(name);
        if (process == null) {
            throw new IllegalArgumentException("No process " + name + " in " + new ArrayList<>(processes.keySet()));
        }
        return process;
    }
}
