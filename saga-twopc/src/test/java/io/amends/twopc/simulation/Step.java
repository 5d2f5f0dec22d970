package io.amends.twopc.simulation;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * What comes of an event.
 *
 * @param next the process afterwards; what it keeps over a crash is written
 * @param sends the messages, which leave one after another: a crash may come between two of them
 * @param wakes the alarms, which a crash silences
 */
record Step(Process next, List<Send> sends, List<Wake> wakes) {

    record Send(String to, Kind kind) {}

    record Wake(int after, Alarm alarm) {}

    Step {
        sends = List.copyOf(sends);
        wakes = List.copyOf(wakes);
    }

    static Step to(Process next) {
        return new Step(next, List.of(), List.of());
    }

    Step send(String to, Kind kind) {
        return sendAll(List.of(to), kind);
    }

    Step sendAll(Collection<String> receivers, Kind kind) {
        List<Send> all = new ArrayList<>(sends);
        receivers.forEach(to -> all.add(new Send(to, kind)));
        return new Step(next, all, wakes);
    }

    Step wake(int after, Alarm alarm) {
        List<Wake> all = new ArrayList<>(wakes);
        all.add(new Wake(after, alarm));
        return new Step(next, sends, all);
    }
}
