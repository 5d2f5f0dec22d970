package io.amends.benchmarks.twopc;

import io.amends.benchmarks.twopc.bank.Bank;
import io.amends.benchmarks.twopc.contender.Kind;
import io.amends.benchmarks.twopc.process.ChildProcess;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Breaks something under a steady load, mends it, and looks on until all is well: for one contender. The load is open:
 * transfers from bank to bank, and as many within bank a on the same accounts.
 */
final class Breaking {

    private static final int ACCOUNTS = Bank.ACCOUNTS;
    private static final int MAX_CENTS = 10_000;
    private static final int BURST = 32;
    private static final Duration LOOK_EVERY = Duration.ofMillis(250);
    private static final Duration CATCH_LIMIT = Duration.ofSeconds(20);
    private static final String BANK_B = Installation.BANKS.get(1);

    private final Options options;
    private final Installation installation;
    private final Measure measure;
    private final Kind kind;
    private final SplittableRandom random;
    private final Orders orders = new Orders();
    private final Within within;
    private final Lookout lookout;
    private final List<Trouble.Moment> moments = new ArrayList<>();
    private long began = System.nanoTime();
    private long nextOrder = System.nanoTime();
    private double longestLock;
    private long inDoubt;

    private Breaking(Options options, Installation installation, Measure measure, Kind kind) {
        this.options = options;
        this.installation = installation;
        this.measure = measure;
        this.kind = kind;
        this.random = new SplittableRandom(
                options.seed() + 31L * measure.name().hashCode() + kind.name().hashCode());
        this.within = new Within(installation.servers());
        this.lookout = new Lookout(installation.servers());
    }

    /** Everyone who takes part; of Narayana the one that recovers sooner. */
    static List<Trouble> run(Options options, Installation installation) {
        List<Trouble> troubles = new ArrayList<>();
        for (Measure measure : List.of(Measure.BANK_DOWN, Measure.COORDINATOR_KILLED)) {
            for (Kind kind : options.only()) {
                boolean instead = kind == Kind.NARAYANA && options.only().contains(Kind.NARAYANA_TUNED);
                if (options.measures().contains(measure) && !instead) {
                    Trouble trouble = new Breaking(options, installation, measure, kind).run();
                    System.err.printf("%s, %s: %s%n", measure, kind.text(), TroubleReport.line(trouble));
                    troubles.add(trouble);
                }
            }
        }
        return troubles;
    }

    private Trouble run() {
        installation.open(kind);
        installation.ask(kind, "serve");
        orders.takenBy(installation.contender(kind));
        began = System.nanoTime();
        nextOrder = began;
        goOn(options.calm(), null);
        double brokenAt = second();
        long back;
        if (measure == Measure.BANK_DOWN) {
            inDoubt = lookout.banks().prepared();
            lookout.bank(BANK_B);
            inTheBackground("crash", () -> installation.servers().crash(BANK_B));
            goOn(options.down(), null);
            back = System.nanoTime();
            inTheBackground("restart", () -> installation.servers().restart(BANK_B));
        } else {
            kill();
            goOn(options.dead(), null);
            back = System.nanoTime();
            inTheBackground("revive", this::revive);
        }
        double backAt = (back - began) / 1e9;
        double resolved = awaitResolution(back);
        goOn(options.calm(), null);
        end();
        return new Trouble(
                measure,
                kind,
                List.copyOf(moments),
                brokenAt,
                backAt,
                orders.completed(),
                orders.refused(),
                orders.unknown(),
                within.done(),
                within.refused(),
                within.blocked(),
                within.longestSeconds(),
                inDoubt,
                longestLock,
                resolved);
    }

    /** Without a look or an order less meanwhile. */
    private void inTheBackground(String what, Runnable work) {
        Thread thread = new Thread(work, what);
        thread.start();
        goOn(options.patience(), thread);
        try {
            thread.join(options.patience().toMillis());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        if (thread.isAlive()) {
            throw new IllegalStateException("%s does not end".formatted(what));
        }
    }

    /**
     * Frozen for a moment, the process shows whether it stands between prepare and commit; if it does not, it goes on and is
     * caught at another moment. A saga has no such moment.
     */
    private void kill() {
        ChildProcess process = installation.contender(kind);
        for (int i = 0; i < BURST; i++) {
            orderNow();
        }
        long limit = System.nanoTime() + CATCH_LIMIT.toNanos();
        while (kind != Kind.SAGA) {
            process.signal("STOP");
            inDoubt = lookout.banks().prepared();
            if (inDoubt > 0) {
                break;
            }
            process.signal("CONT");
            if (System.nanoTime() - limit > 0) {
                throw new IllegalStateException("%s was never caught between prepare and commit".formatted(kind));
            }
            goOn(Duration.ofMillis(1 + random.nextInt(20)), null);
            orderNow();
        }
        orders.takenBy(null);
        process.kill();
        orders.taken();
    }

    private void revive() {
        ChildProcess process = installation.revive(kind);
        installation.openCoordinator(kind);
        installation.ask(kind, "serve");
        orders.takenBy(process);
    }

    /** Until nothing is open that had begun before that moment, and no transaction is prepared since. */
    private double awaitResolution(long back) {
        while (System.nanoTime() - back < options.patience().toNanos()) {
            goOn(LOOK_EVERY, null);
            double since = (System.nanoTime() - back) / 1e9;
            boolean ended = lookout.banks().oldestPrepared() < since;
            Collection<UUID> old = orders.openSince(back);
            if (!old.isEmpty()) {
                orders.found(lookout.carriedOut(old));
            }
            if (ended && orders.openSince(back).isEmpty()) {
                return since;
            }
        }
        return Double.POSITIVE_INFINITY;
    }

    /** Orders and looks, for that long or, if there is a thread, until it ends. */
    private void goOn(Duration duration, @Nullable Thread until) {
        long end = System.nanoTime() + duration.toNanos();
        while (System.nanoTime() - end < 0 && (until == null || until.isAlive())) {
            long now = System.nanoTime();
            if (now - nextOrder >= 0) {
                nextOrder += TimeUnit.SECONDS.toNanos(1) / options.rate();
                orderNow();
            }
            if (moments.isEmpty()
                    || second() - moments.get(moments.size() - 1).second() >= LOOK_EVERY.toMillis() / 1e3) {
                look();
            }
            Pause.until(Math.min(end, now + TimeUnit.MILLISECONDS.toNanos(2)));
        }
    }

    private void orderNow() {
        int from = random.nextInt(ACCOUNTS);
        int other = (from + 1 + random.nextInt(ACCOUNTS - 1)) % ACCOUNTS;
        orders.order(id(), from, random.nextInt(ACCOUNTS), 1 + random.nextInt(MAX_CENTS));
        within.begin(id(), other, from, BigDecimal.valueOf(1 + random.nextInt(MAX_CENTS), 2));
    }

    private UUID id() {
        return new UUID(random.nextLong(), random.nextLong());
    }

    private void look() {
        double oldest = lookout.banks().oldest();
        longestLock = Math.max(longestLock, oldest);
        moments.add(new Trouble.Moment(second(), orders.completed(), orders.open(), within.open(), oldest));
    }

    private double second() {
        return (System.nanoTime() - began) / 1e9;
    }

    /** No more begin; those that are open end, and the books are checked. */
    private void end() {
        long limit = System.nanoTime() + options.patience().toNanos();
        while ((orders.open() > 0 || lookout.banks().prepared() > 0) && System.nanoTime() - limit < 0) {
            orders.found(lookout.carriedOut(orders.openSince(limit)));
            Pause.of(LOOK_EVERY);
        }
        within.close();
        lookout.close();
        installation.close(kind);
        installation.audit().told(orders.completed(), orders.unknown() + orders.open());
        installation.audit().check(measure, kind);
    }
}
