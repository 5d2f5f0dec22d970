package io.amends.sample.lab;

import io.amends.sample.lab.LabState.LaneState;
import io.amends.sample.lab.LabState.ModeState;
import io.amends.sample.lab.LabState.Money;
import io.amends.sample.lab.Timeline.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What of the difference between two states is worth an entry in the timeline. */
final class Changes {

    private Changes() {}

    /** A line of the timeline. */
    record Change(Kind kind, String text) {}

    static List<Change> between(LabState before, LabState after) {
        List<Change> found = new ArrayList<>();
        for (ModeState now : after.modes()) {
            ModeState then = before.mode(now.mode());
            if (then.blocked() == 0 && now.blocked() > 0) {
                found.add(new Change(
                        Kind.TRANSFERS,
                        "transfers by %s are blocked, the first: %s"
                                .formatted(
                                        now.mode(),
                                        after.blocked().stream()
                                                .filter(one -> one.mode().equals(now.mode()))
                                                .findFirst()
                                                .map(one -> "waits for " + one.waitsFor())
                                                .orElse("unknown"))));
            } else if (then.blocked() > 0 && now.blocked() == 0) {
                found.add(new Change(Kind.TRANSFERS, "no transfer by %s is blocked any more".formatted(now.mode())));
            }
            if (then.inDoubt() == 0 && now.inDoubt() > 0) {
                found.add(new Change(
                        Kind.TRANSFERS, "branches are in doubt and keep their accounts locked: " + now.inDoubt()));
            } else if (then.inDoubt() > 0 && now.inDoubt() == 0) {
                found.add(new Change(Kind.TRANSFERS, "nothing is in doubt any more"));
            }
        }
        Map<String, LaneState> lanes =
                before.lanes().stream().collect(Collectors.toMap(Changes::name, lane -> lane, (one, other) -> one));
        for (LaneState now : after.lanes()) {
            LaneState then = lanes.get(name(now));
            if (then != null && then.epoch() != now.epoch()) {
                found.add(new Change(
                        Kind.LANE,
                        "%s of the outbox of %s is now %s's, with epoch %d"
                                .formatted("lane " + now.lane(), now.service(), now.owner(), now.epoch())));
            }
        }
        Money verdict = after.money().verdict();
        if (verdict == Money.NOT_CONSERVED && before.money().verdict() != Money.NOT_CONSERVED) {
            found.add(new Change(Kind.MONEY, after.money().words()));
        }
        return found;
    }

    private static String name(LaneState lane) {
        return lane.service() + "/" + lane.lane();
    }
}
