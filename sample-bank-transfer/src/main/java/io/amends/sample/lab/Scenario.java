package io.amends.sample.lab;

import io.amends.sample.lab.LabState.ModeState;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Plays one fault: load in both modes, fault on, fault off, and waiting until all is resolved. Prints a line a second, what
 * happens in between, and a verdict.
 */
final class Scenario {

    private static final Duration RESOLUTION_LIMIT = Duration.ofMinutes(3);
    private static final Duration FAULT_LIMIT = Duration.ofMinutes(4);

    private static final String TIMES = """
            select coalesce(percentile_disc(0.5) within group (order by took), 0) as p50,
                   coalesce(percentile_disc(0.99) within group (order by took), 0) as p99, coalesce(max(took), 0) as longest
              from (select 1000 * extract(epoch from updated_at - created_at)::float8 as took from %s) t""";

    private final Lab lab;
    private final PrintStream out;
    private final Fault fault;
    private final LabOptions options;
    private final long begun;
    private int mostBlockedSagas;
    private int mostBlockedTwoPhase;
    private int mostInDoubt;
    private long told;

    Scenario(Lab lab, LabOptions options, PrintStream out) {
        this.lab = lab;
        this.out = out;
        this.options = options;
        this.fault = Objects.requireNonNull(options.scenario());
        this.begun = lab.now();
    }

    /**
     * Plays it.
     *
     * @return 0 if all transfers ended and no money was made or lost, else 1
     */
    int play() throws InterruptedException {
        long quarter = options.duration().toMillis() / 4;
        out.printf(
                "%s: %s%nIn saga mode: %s%nIn 2pc mode:  %s%n%d transfers/s for %d s, %d %% of them by two-phase commit, seed %d; the fault comes at second %s and stays for %s s%n%n",
                fault.title(),
                fault.how(),
                fault.inSagaMode(),
                fault.inTwoPhaseMode(),
                options.rate(),
                options.duration().toSeconds(),
                options.share(),
                options.seed(),
                oneDigit(quarter),
                oneDigit(2 * quarter));
        out.println(
                "   s | saga: ended    /s  blocked | 2pc: ended    /s  blocked  in doubt | not taken in | customers have");
        told = lastEvent();
        lab.load().set(new Load.Pace(options.rate(), options.share()));
        watchUntil(quarter);
        boolean worked = isDone(lab.faults().on(fault, new Faults.Terms(options.afterDecision(), null)));
        // Making it may have taken a while; it is there for half the time in any case.
        long broken = lab.now() - begun;
        watchUntil(broken + 2 * quarter);
        worked &= isDone(lab.faults().off(fault));
        long mendedAt = lab.now() - begun;
        watchUntil(lab.now() - begun + quarter);
        lab.load().set(null);
        String unfinished = awaitResolution();
        long resolvedAt = lab.now() - begun;
        printLine();
        return summarise(worked, unfinished, mendedAt, resolvedAt);
    }

    private long lastEvent() {
        return lab.timeline().all().stream()
                .findFirst()
                .map(Timeline.Entry::number)
                .orElse(0L);
    }

    /** The page's lines go on meanwhile: to make a fault may take seconds. */
    private boolean isDone(Future<?> change) throws InterruptedException {
        long end = System.nanoTime() + FAULT_LIMIT.toNanos();
        while (true) {
            try {
                change.get(1, TimeUnit.SECONDS);
                return true;
            } catch (TimeoutException notYet) {
                if (System.nanoTime() - end > 0) {
                    out.println("The fault took too long to make or undo.");
                    return false;
                }
                printLine();
            } catch (ExecutionException trouble) {
                out.println("The fault could not be made or undone: " + trouble.getCause());
                return false;
            }
        }
    }

    private void watchUntil(long millis) throws InterruptedException {
        while (true) {
            long left = millis - (lab.now() - begun);
            if (left <= 0) {
                return;
            }
            TimeUnit.MILLISECONDS.sleep(Math.min(1_000, left));
            printLine();
        }
    }

    private @Nullable String awaitResolution() throws InterruptedException {
        long end = System.nanoTime() + RESOLUTION_LIMIT.toNanos();
        String unfinished = "nobody has looked";
        int quiet = 0;
        while (quiet < 2 && System.nanoTime() - end < 0) {
            TimeUnit.MILLISECONDS.sleep(1_000);
            unfinished = lab.unfinished();
            quiet = unfinished == null ? quiet + 1 : 0;
            if (quiet == 0) {
                printLine();
            }
        }
        return quiet < 2 ? unfinished : null;
    }

    private void printLine() {
        for (Timeline.Entry event : lab.timeline().after(told)) {
            told = event.number();
            out.printf("%5s   * %s%n", oneDigit(event.at() - begun), event.text());
        }
        LabState state = lab.state();
        ModeState saga = state.mode(LabOrder.SAGA);
        ModeState twoPhase = state.mode(LabOrder.TWO_PHASE);
        mostBlockedSagas = Math.max(mostBlockedSagas, saga.blocked());
        mostBlockedTwoPhase = Math.max(mostBlockedTwoPhase, twoPhase.blocked());
        mostInDoubt = Math.max(mostInDoubt, twoPhase.inDoubt());
        out.printf(
                Locale.ROOT,
                "%4d | %11d %5.1f %8d | %10d %5.1f %8d %9d | %12d | %s%n",
                (lab.now() - begun) / 1000,
                saga.ended(),
                saga.perSecond(),
                saga.blocked(),
                twoPhase.ended(),
                twoPhase.perSecond(),
                twoPhase.blocked(),
                twoPhase.inDoubt(),
                state.load().waiting(),
                state.money().customers());
    }

    private int summarise(boolean worked, @Nullable String unfinished, long mendedAt, long resolvedAt) {
        Verdict verdict = Verdict.take(lab.stage().databases(), lab.stage().startMoney());
        Look look = lab.stage().databases().look();
        out.println();
        out.printf(
                "saga   %d completed, %d compensated; %s; at most %d blocked at once%n",
                look.count(LabOrder.SAGA, java.util.List.of("COMPLETED")),
                look.count(LabOrder.SAGA, java.util.List.of("COMPENSATED")),
                times("saga_instance"),
                mostBlockedSagas);
        out.printf(
                "2pc    %d committed, %d aborted; %s; at most %d blocked and %d branches in doubt at once%n",
                look.count(LabOrder.TWO_PHASE, java.util.List.of("COMMITTED")),
                look.count(LabOrder.TWO_PHASE, java.util.List.of("ABORTED")),
                times("two_phase_transfer"),
                mostBlockedTwoPhase,
                mostInDoubt);
        out.printf(
                "mended at second %s, all resolved at second %s%s%n",
                oneDigit(mendedAt),
                oneDigit(resolvedAt),
                lab.load().unsent() > 0
                        ? "; %d transfers were not sent, since too many waited"
                                .formatted(lab.load().unsent())
                        : "");
        out.printf(
                "money  %s at the start, %s now%n",
                Telling.text(lab.stage().startMoney()), Telling.text(verdict.customersHave()));
        if (unfinished != null) {
            out.printf("NOT ALL WELL  after %d s: %s%n", RESOLUTION_LIMIT.toSeconds(), unfinished);
        }
        verdict.wrong().forEach(what -> out.println("NOT ALL WELL  " + what));
        boolean well = worked && unfinished == null && verdict.isWell();
        out.println(
                well
                        ? "money conserved, every transfer ended"
                        : "see the processes' logs in " + lab.stage().folder());
        return well ? 0 : 1;
    }

    /** From being stored to the end; the table's name is one of two constants. */
    private String times(String table) {
        return lab.stage()
                .databases()
                .of("transfer")
                .sql(TIMES.formatted(table))
                .query((row, number) -> "p50 %s, p99 %s, longest %s"
                        .formatted(
                                Telling.seconds(row.getLong("p50")),
                                Telling.seconds(row.getLong("p99")),
                                Telling.seconds(row.getLong("longest"))))
                .single();
    }

    private static String oneDigit(long millis) {
        return String.format(Locale.ROOT, "%.1f", millis / 1000.0);
    }
}
