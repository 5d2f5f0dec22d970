package io.amends.twopc.simulation;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * All that chance decides in a run. The same scenario gives the same run.
 *
 * @param banks how many take part, at least 2
 * @param refusing those that vote no
 * @param network seed of delays and losses
 * @param slowest the longest that a message takes, in ticks
 * @param lostPercent how many messages in a hundred are lost, before the network heals
 * @param faults the crashes and partitions
 */
record Scenario(int banks, Set<String> refusing, long network, int slowest, int lostPercent, List<Fault> faults) {

    static final String COORDINATOR = "transfer";

    /** When the network is whole and loses nothing any more, and nothing crashes for longer. */
    static final int HEALED = 100 * Times.DELAY;

    /** When a run ends that has not ended by itself. */
    static final int HORIZON = 5 * HEALED;

    Scenario {
        refusing = Set.copyOf(refusing);
        faults = List.copyOf(faults);
    }

    /** Nothing goes wrong and each message takes a tick. */
    static Scenario calm(int banks) {
        return new Scenario(banks, Set.of(), 0, 1, 0, List.of());
    }

    /** Crashes of any process but one bank, in a synchronous network. */
    static Scenario crashes(long seed) {
        Random random = new Random(seed);
        int banks = 2 + random.nextInt(3);
        List<String> mortal = new ArrayList<>(names(banks));
        mortal.remove(1 + random.nextInt(banks));
        return new Scenario(banks, refusing(random, banks), random.nextLong(), Times.DELAY, 0, crashes(random, mortal));
    }

    /** Partitions in a network that is synchronous otherwise. */
    static Scenario partitions(long seed) {
        Random random = new Random(seed);
        int banks = 2 + random.nextInt(3);
        return new Scenario(
                banks, refusing(random, banks), random.nextLong(), Times.DELAY, 0, partitions(random, banks));
    }

    /** Crashes, partitions, lost messages, and delays far beyond what anybody waits for. */
    static Scenario everything(long seed) {
        Random random = new Random(seed);
        int banks = 2 + random.nextInt(3);
        List<Fault> faults = new ArrayList<>(crashes(random, names(banks)));
        faults.addAll(partitions(random, banks));
        return new Scenario(
                banks,
                refusing(random, banks),
                random.nextLong(),
                Times.DELAY * (1 + random.nextInt(6)),
                random.nextInt(40),
                faults);
    }

    Scenario with(Fault fault) {
        List<Fault> all = new ArrayList<>(faults);
        all.add(fault);
        return withFaults(all);
    }

    Scenario refusedBy(String bank) {
        return new Scenario(banks, Set.of(bank), network, slowest, lostPercent, faults);
    }

    Scenario withFaults(List<Fault> others) {
        return new Scenario(banks, refusing, network, slowest, lostPercent, others);
    }

    /** The coordinator first, then the banks. */
    List<String> names() {
        return names(banks);
    }

    List<String> bankNames() {
        return names().subList(1, banks + 1);
    }

    private static List<String> names(int banks) {
        List<String> names = new ArrayList<>();
        names.add(COORDINATOR);
        for (int i = 0; i < banks; i++) {
            names.add("bank-" + (char) ('a' + i));
        }
        return names;
    }

    private static Set<String> refusing(Random random, int banks) {
        return random.nextInt(6) == 0 ? Set.of(names(banks).get(1 + random.nextInt(banks))) : Set.of();
    }

    private static List<Fault> crashes(Random random, List<String> mortal) {
        List<Fault> crashes = new ArrayList<>();
        int many = random.nextInt(5);
        for (int i = 0; i < many; i++) {
            String victim = mortal.get(random.nextInt(mortal.size()));
            crashes.add(
                    new Fault.Crash(victim, 1 + random.nextInt(10), random.nextInt(5), 1 + random.nextInt(HEALED / 2)));
        }
        return crashes;
    }

    private static List<Fault> partitions(Random random, int banks) {
        List<Fault> partitions = new ArrayList<>();
        int many = 1 + random.nextInt(2);
        for (int i = 0; i < many; i++) {
            Set<String> side = new HashSet<>();
            for (String name : names(banks)) {
                if (random.nextBoolean()) {
                    side.add(name);
                }
            }
            int from = random.nextInt(HEALED / 2);
            partitions.add(new Fault.Partition(side, from, from + 1 + random.nextInt(HEALED - from)));
        }
        return partitions;
    }
}
