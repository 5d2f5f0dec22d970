package io.amends.sample.lab;

import io.amends.sample.lab.LabState.BlockedState;
import io.amends.sample.lab.LabState.InDoubtState;
import io.amends.sample.lab.LabState.LaneState;
import io.amends.sample.lab.LabState.ModeState;
import io.amends.sample.lab.Look.Count;
import io.amends.sample.lab.Look.OpenTransfer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The lab: servers, processes, load and faults, and a look at all of it once a second. */
final class Lab implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Lab.class);
    private static final List<String> ENDED = List.of("COMPLETED", "COMPENSATED", "COMMITTED", "ABORTED");

    private final long begun = System.nanoTime();
    private final Timeline timeline = new Timeline(this::now);
    private final Stage stage;
    private final Faults faults;
    private final Load load;
    private final ScheduledExecutorService looks =
            Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "lab-look"));
    private Look last = Look.NOTHING;
    private volatile LabState state;

    private Lab(long seed) throws InterruptedException {
        stage = Stage.start(text -> timeline.add(Timeline.Kind.PROCESS, text));
        faults = new Faults(stage, timeline, this::now);
        load = new Load(stage::doors, seed);
        state = look();
    }

    /**
     * Starts all of it, which takes some ten seconds, and waits until it is up.
     *
     * @throws IllegalStateException if something does not come up; the text says where to look
     */
    static Lab start(long seed) throws InterruptedException {
        Lab made = new Lab(seed);
        made.looks.scheduleWithFixedDelay(made::tick, 1_000, 1_000, TimeUnit.MILLISECONDS);
        return made;
    }

    /** Milliseconds since the lab began. */
    long now() {
        return (System.nanoTime() - begun) / 1_000_000;
    }

    /** The newest look, a second old at most unless a database is slow to answer. */
    LabState state() {
        return state;
    }

    Faults faults() {
        return faults;
    }

    Load load() {
        return load;
    }

    Stage stage() {
        return stage;
    }

    Timeline timeline() {
        return timeline;
    }

    private void tick() {
        try {
            faults.tick();
            for (Role role : stage.roles()) {
                if (role.state() == Role.State.STARTING) {
                    role.isUp();
                }
            }
            LabState before = state;
            LabState after = look();
            Changes.between(before, after).forEach(change -> timeline.add(change.kind(), change.text()));
            state = after;
        } catch (InterruptedException ending) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException trouble) {
            log.warn("The lab could not look at everything; it looks again in a second", trouble);
        }
    }

    private LabState look() {
        Look look = stage.databases().look();
        LabState seen = tell(look, last);
        last = look;
        return seen;
    }

    private LabState tell(Look look, Look before) {
        Load.Pace pace = load.pace();
        return new LabState(
                now(),
                new LabState.LoadState(
                        pace != null,
                        pace == null ? 0 : pace.rate(),
                        pace == null ? 0 : pace.share(),
                        load.waiting(),
                        load.unsent(),
                        load.refused()),
                stage.roles().stream()
                        .map(role ->
                                new LabState.RoleState(role.name(), role.state().name(), role.pid(), role.starts()))
                        .toList(),
                faults.all(),
                List.of(mode(LabOrder.SAGA, look), mode(LabOrder.TWO_PHASE, look)),
                blocked(look),
                inDoubt(look),
                Telling.locks(look, LabState.IN_DOUBT_AFTER),
                look.lanes().stream().map(this::lane).toList(),
                Telling.money(look, before, stage.startMoney()),
                timeline.all(),
                look.away());
    }

    private static ModeState mode(String mode, Look look) {
        Map<String, Long> states = new TreeMap<>();
        long recent = 0;
        Long p50 = null;
        Long p99 = null;
        long most = 0;
        for (Count count : look.counts()) {
            if (count.mode().equals(mode)) {
                states.put(count.state(), count.all());
                if (ENDED.contains(count.state())) {
                    recent += count.recent();
                }
                // Times of the state that most came to lately; of all would mix rejections with transfers.
                if (ENDED.contains(count.state()) && count.recent() > most) {
                    most = count.recent();
                    p50 = count.p50();
                    p99 = count.p99();
                }
            }
        }
        return new ModeState(
                mode,
                states,
                look.count(mode, ENDED),
                recent / (double) LabDatabases.RECENT_SECONDS,
                p50,
                p99,
                look.blocked(mode, LabState.BLOCKED_AFTER).size(),
                mode.equals(LabOrder.SAGA)
                        ? 0
                        : look.inDoubt(LabState.IN_DOUBT_AFTER).size());
    }

    private List<BlockedState> blocked(Look look) {
        List<BlockedState> shown = new ArrayList<>();
        for (String mode : List.of(LabOrder.SAGA, LabOrder.TWO_PHASE)) {
            look.blocked(mode, LabState.BLOCKED_AFTER).stream()
                    .limit(LabState.MOST_SHOWN)
                    .forEach(transfer -> shown.add(new BlockedState(
                            transfer.id(),
                            mode,
                            transfer.state(),
                            transfer.age(),
                            Telling.waitsFor(transfer, look.prepared(), stage.down()))));
        }
        return shown;
    }

    private static List<InDoubtState> inDoubt(Look look) {
        Map<String, OpenTransfer> transfers = Telling.byTransaction(look.open());
        return look.inDoubt(LabState.IN_DOUBT_AFTER).stream()
                .limit(LabState.MOST_SHOWN)
                .map(one -> {
                    OpenTransfer transfer = transfers.get(one.transaction());
                    String account = Telling.account(one, transfer);
                    return new InDoubtState(
                            one.bank(),
                            transfer == null ? "" : transfer.id(),
                            account == null ? "" : account,
                            one.age(),
                            transfer == null || transfer.decision() == null ? "" : transfer.decision(),
                            one.coordinator());
                })
                .toList();
    }

    private LaneState lane(Look.Lane lane) {
        String owner = lane.owner();
        return new LaneState(
                lane.service(),
                lane.lane(),
                owner == null ? "nobody" : stage.nameOf(owner),
                lane.epoch(),
                lane.leaseLeft(),
                lane.waiting(),
                lane.oldest());
    }

    /** Whether nothing is under way any more: all transfers are taken in and have ended, and nothing is prepared. */
    @Nullable
    String unfinished() {
        Look look = stage.databases().look();
        if (!look.away().isEmpty()) {
            return look.away().get(0);
        }
        if (load.waiting() > 0) {
            return "%d transfers are not taken in".formatted(load.waiting());
        }
        if (!look.open().isEmpty()) {
            OpenTransfer first = look.open().get(0);
            return "%d transfers are open, the oldest waits for %s"
                    .formatted(look.open().size(), Telling.waitsFor(first, look.prepared(), stage.down()));
        }
        if (!look.prepared().isEmpty()) {
            return "%d transactions are prepared".formatted(look.prepared().size());
        }
        long messages = look.lanes().stream().mapToLong(Look.Lane::waiting).sum();
        return messages > 0 ? "%d messages are in the outboxes".formatted(messages) : null;
    }

    @Override
    public void close() {
        load.close();
        looks.shutdownNow();
        try {
            if (!looks.awaitTermination(15, TimeUnit.SECONDS)) {
                log.warn("The last look at the databases did not end");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        faults.close();
        stage.close();
    }
}
