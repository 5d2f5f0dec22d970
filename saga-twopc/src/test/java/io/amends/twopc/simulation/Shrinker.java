package io.amends.twopc.simulation;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/** Makes a scenario smaller as long as it still shows the same. */
final class Shrinker {

    private Shrinker() {}

    /** A scenario of which no bank, fault, delay or tick can be left out. */
    static Scenario smallest(Scenario found, Predicate<Scenario> shows) {
        Scenario smallest = found;
        Optional<Scenario> smaller = Optional.of(found);
        while (smaller.isPresent()) {
            smallest = smaller.get();
            smaller = smaller(smallest).stream().filter(shows).findFirst();
        }
        return smallest;
    }

    private static List<Scenario> smaller(Scenario scenario) {
        List<Scenario> all = new ArrayList<>();
        List<Fault> faults = scenario.faults();
        if (scenario.banks() > 2) {
            all.add(new Scenario(
                    scenario.banks() - 1,
                    scenario.refusing(),
                    scenario.network(),
                    scenario.slowest(),
                    scenario.lostPercent(),
                    faults));
        }
        if (!scenario.refusing().isEmpty()) {
            all.add(new Scenario(
                    scenario.banks(),
                    Set.of(),
                    scenario.network(),
                    scenario.slowest(),
                    scenario.lostPercent(),
                    faults));
        }
        if (scenario.slowest() > 1 || scenario.lostPercent() > 0) {
            all.addAll(calm(scenario));
        }
        for (int i = 0; i < faults.size(); i++) {
            List<Fault> others = new ArrayList<>(faults);
            Fault fault = others.remove(i);
            all.add(scenario.withFaults(others));
            for (Fault less : less(fault)) {
                List<Fault> changed = new ArrayList<>(faults);
                changed.set(i, less);
                all.add(scenario.withFaults(changed));
            }
        }
        return all;
    }

    /** Without delays all happens earlier, so partitions must begin earlier too. */
    private static List<Scenario> calm(Scenario scenario) {
        Scenario calm = Scenario.calm(scenario.banks());
        return IntStream.range(0, Times.PHASES)
                .mapToObj(earlier -> calm.withFaults(scenario.faults().stream()
                        .map(fault -> fault instanceof Fault.Partition partition
                                ? new Fault.Partition(
                                        partition.side(), Math.max(0, partition.from() - earlier), partition.until())
                                : fault)
                        .toList()))
                .toList();
    }

    private static List<Fault> less(Fault fault) {
        List<Fault> less = new ArrayList<>();
        if (fault instanceof Fault.Crash crash && crash.away() > 1) {
            less.add(new Fault.Crash(crash.process(), crash.step(), crash.sent(), crash.away() / 2));
            less.add(new Fault.Crash(crash.process(), crash.step(), crash.sent(), crash.away() - 1));
        }
        if (fault instanceof Fault.Partition partition) {
            int width = partition.until() - partition.from();
            for (int shorter : List.of(width / 2, 1)) {
                if (shorter > 0 && shorter < width) {
                    less.add(new Fault.Partition(partition.side(), partition.from() + shorter, partition.until()));
                    less.add(new Fault.Partition(partition.side(), partition.from(), partition.until() - shorter));
                }
            }
            for (String name : new TreeSet<>(partition.side())) {
                Set<String> fewer = new HashSet<>(partition.side());
                fewer.remove(name);
                less.add(new Fault.Partition(fewer, partition.from(), partition.until()));
            }
        }
        return less;
    }
}
