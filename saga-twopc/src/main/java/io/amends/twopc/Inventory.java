package io.amends.twopc;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The prepared branches of an installation.
 *
 * @param found of each participant that answered
 * @param away those that did not, and why
 */
record Inventory(Map<String, List<Found>> found, Map<String, RuntimeException> away) {

    /**
     * A prepared branch.
     *
     * @param gid its name
     * @param age how long ago it was prepared, by its participant's clock
     */
    record Found(Gid gid, Duration age) {}

    /** An answer, or why there is none. */
    private record Answer(String participant, Optional<List<Found>> found, Optional<RuntimeException> trouble) {}

    /**
     * One look at each participant, at the same time.
     *
     * @param ours which of them are looked at; the others are not touched
     */
    static Inventory take(Map<String, Participant> participants, Ours ours, Duration limit, Parallel parallel) {
        List<Answer> answers = parallel.forAll(participants.values(), participant -> {
            try {
                return new Answer(
                        participant.name(),
                        Optional.of(ofThat(participant, participants, ours, limit)),
                        Optional.empty());
            } catch (RuntimeException away) {
                return new Answer(participant.name(), Optional.empty(), Optional.of(away));
            }
        });
        Map<String, List<Found>> found = new LinkedHashMap<>();
        Map<String, RuntimeException> away = new LinkedHashMap<>();
        for (Answer answer : answers) {
            answer.found().ifPresent(branches -> found.put(answer.participant(), branches));
            answer.trouble().ifPresent(trouble -> away.put(answer.participant(), trouble));
        }
        return new Inventory(found, away);
    }

    /**
     * Two participants may be one database, and each has its branches. One whose participant is not configured any more is
     * whoever's database it is in.
     */
    private static List<Found> ofThat(
            Participant participant, Map<String, Participant> participants, Ours ours, Duration limit) {
        List<Found> found = new ArrayList<>();
        for (PreparedBranch branch : participant.listInDoubt(ours.prefix(), limit)) {
            ours.reads()
                    .apply(branch.gid())
                    .filter(gid -> gid.branch().equals(participant.name()) || !participants.containsKey(gid.branch()))
                    .ifPresent(gid -> found.add(new Found(gid, branch.age())));
        }
        return found;
    }
}
