package io.amends.sample.demo;

import io.amends.sample.demo.Http.Answer;
import io.amends.sample.demo.Http.TimeUpException;
import java.io.IOException;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Runs many transfers as a client of the three services and checks that each ended and that no money was made or lost.
 * Services may go away and come back meanwhile.
 */
public final class Demo {

    private final DemoOptions options;
    private final Http http;
    private final PrintStream out;
    private final Tally tally = new Tally();

    /** Prints to standard output. */
    public Demo(DemoOptions options) {
        this(options, System.out);
    }

    /** Prints to that stream. */
    public Demo(DemoOptions options, PrintStream out) {
        this.options = options;
        this.out = out;
        this.http = new Http(System.nanoTime() + options.limit().toNanos());
    }

    /** Runs it; 0 if all transfers ended and the money is all there, else 1, with the reasons printed. */
    public int run() {
        try {
            return runUntilTheEnd();
        } catch (TimeUpException | IOException | ExecutionException trouble) {
            out.println("The demo could not go on: " + trouble.getMessage());
            return 1;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            out.println("The demo was interrupted.");
            return 1;
        }
    }

    private int runUntilTheEnd() throws TimeUpException, IOException, InterruptedException, ExecutionException {
        List<Order> orders = orders();
        Money beforeA = audit(options.bankA());
        Money beforeB = audit(options.bankB());
        long begun = System.nanoTime();
        try (Progress progress = new Progress()) {
            progress.begin();
            runAll(new ConcurrentLinkedQueue<>(orders));
        }
        double seconds = (System.nanoTime() - begun) / 1e9;
        Money afterA = audit(options.bankA());
        Money afterB = audit(options.bankB());
        return summarise(orders.size(), seconds, beforeA, beforeB, afterA, afterB);
    }

    private List<Order> orders() throws IOException, TimeUpException, InterruptedException, ExecutionException {
        Path file = options.file();
        if (file != null) {
            OrderFile.Content content = OrderFile.read(file);
            content.badLines().forEach(bad -> out.printf("Line %d is not run: %s%n", bad.line(), bad.reason()));
            out.printf("%d transfers from %s%n", content.orders().size(), file);
            return content.orders();
        }
        String run = "d" + Long.toString(System.currentTimeMillis(), 36);
        out.printf(
                "%d transfers between 2 x %d accounts, %d at a time, seed %d%n",
                options.transfers(), OrderBook.ACCOUNTS, options.concurrency(), options.seed());
        openAccounts(run);
        return OrderBook.make(run, options.seed() ^ run.hashCode(), options.transfers());
    }

    private void openAccounts(String run) throws InterruptedException, ExecutionException {
        List<Job> jobs = new ArrayList<>();
        for (URI bank : List.of(options.bankA(), options.bankB())) {
            for (int i = 0; i < OrderBook.ACCOUNTS; i++) {
                String account = OrderBook.account(run, i);
                jobs.add(() -> open(bank, account, "1000.00"));
            }
            jobs.add(() -> {
                open(bank, OrderBook.closedAccount(run), "0.00");
                http.post(bank.resolve("/accounts/" + OrderBook.closedAccount(run) + "/close"), Map.of());
            });
        }
        inParallel(jobs, 8);
    }

    private void open(URI bank, String account, String balance) throws TimeUpException, InterruptedException {
        Answer answer = http.post(bank.resolve("/accounts"), Map.of("account", account, "balance", balance));
        if (answer.status() >= 300) {
            throw new TimeUpException("%s refused to open %s: %s".formatted(bank, account, detail(answer)));
        }
    }

    private void runAll(Queue<Order> queue) throws InterruptedException, ExecutionException {
        List<Job> workers = new ArrayList<>();
        for (int i = 0; i < options.concurrency(); i++) {
            workers.add(() -> {
                for (Order order = queue.poll(); order != null; order = queue.poll()) {
                    run(order);
                }
            });
        }
        inParallel(workers, options.concurrency());
    }

    /** Something that calls a service. */
    @FunctionalInterface
    private interface Job {
        void run() throws TimeUpException, InterruptedException;
    }

    private static void inParallel(List<Job> jobs, int threads) throws InterruptedException, ExecutionException {
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Future<?>> running = new ArrayList<>();
            for (Job job : jobs) {
                running.add(pool.submit(() -> {
                    job.run();
                    return null;
                }));
            }
            for (Future<?> one : running) {
                one.get();
            }
        } finally {
            pool.shutdownNow();
        }
    }

    private void run(Order order) throws InterruptedException {
        tally.submitted();
        long sent = System.nanoTime();
        try {
            Answer answer =
                    http.post(options.transfer().resolve("/transfers?precheck=" + order.precheck()), order.body());
            if (answer.status() != 202) {
                refuse(order, answer);
                return;
            }
            JsonNode transfer = answer.body();
            while (!isTerminal(transfer)) {
                transfer = http.get(options.transfer().resolve("/transfers/" + order.transferId() + "?wait=10s"))
                        .body();
                if (text(transfer, "status").equals("STUCK")) {
                    tally.open("%s is STUCK: %s".formatted(order.transferId(), text(transfer, "reason")));
                    return;
                }
            }
            tally.ended(
                    text(transfer, "status"),
                    Duration.ofNanos(System.nanoTime() - sent),
                    Duration.between(
                            Instant.parse(text(transfer, "createdAt")), Instant.parse(text(transfer, "updatedAt"))));
        } catch (TimeUpException late) {
            tally.open("%s: %s".formatted(order.transferId(), late.getMessage()));
        }
    }

    private void refuse(Order order, Answer answer) {
        String where = order.line() > 0 ? "Line %d".formatted(order.line()) : "Transfer " + order.transferId();
        String reason = "%s is refused: %s".formatted(where, detail(answer));
        tally.refused(reason);
        out.println(reason);
    }

    private static boolean isTerminal(JsonNode transfer) {
        String status = text(transfer, "status");
        return status.equals("COMPLETED") || status.equals("COMPENSATED");
    }

    private static String detail(Answer answer) {
        String field = text(answer.body(), "field");
        return "%d %s%s".formatted(answer.status(), field.isEmpty() ? "" : field + ": ", text(answer.body(), "detail"));
    }

    private static String text(JsonNode node, String field) {
        JsonNode value = node.get(field);
        return value == null || value.isNull() ? "" : value.asString();
    }

    private Money audit(URI bank) throws TimeUpException, InterruptedException {
        return Money.of(http.get(bank.resolve("/audit")).body());
    }

    private int summarise(int orders, double seconds, Money beforeA, Money beforeB, Money afterA, Money afterB) {
        BigDecimal before = all(beforeA, beforeB);
        BigDecimal after = all(afterA, afterB);
        List<String> trouble = new ArrayList<>(tally.open());
        if (before.compareTo(after) != 0) {
            trouble.add("money was %s: %s before, %s after"
                    .formatted(before.compareTo(after) < 0 ? "made" : "lost", before, after));
        }
        if (afterA.transit().add(afterB.transit()).compareTo(beforeA.transit().add(beforeB.transit())) != 0) {
            trouble.add("money is still in transit between the banks");
        }
        if (afterA.held().add(afterB.held()).compareTo(beforeA.held().add(beforeB.held())) != 0) {
            trouble.add("funds are still held though every transfer ended");
        }
        if (afterA.negative() + afterB.negative() > 0) {
            trouble.add("accounts have less than nothing");
        }
        boolean madeUp = options.file() == null;
        if (madeUp && !tally.refused().isEmpty()) {
            trouble.add("%d transfers were refused at the door"
                    .formatted(tally.refused().size()));
        }
        out.println();
        out.printf(
                "Transfers    %d in %.1f s: %.0f transfers/s, %d completed, %d compensated, %d refused, %d open%n",
                orders,
                seconds,
                tally.ended() / seconds,
                tally.count("COMPLETED"),
                tally.count("COMPENSATED"),
                tally.refused().size(),
                tally.open().size());
        out.printf("End to end   %s (seen by the client); %s (in the database)%n", tally.observed(), tally.recorded());
        out.printf("Bank A       before: %s%n             after:  %s%n", beforeA, afterA);
        out.printf("Bank B       before: %s%n             after:  %s%n", beforeB, afterB);
        out.printf("Money        before: %s, after: %s%n", before, after);
        trouble.forEach(what -> out.println("NOT ALL WELL " + what));
        if (trouble.isEmpty()) {
            out.println("All well     every transfer is terminal, no money was made or lost");
        }
        return trouble.isEmpty() ? 0 : 1;
    }

    /** Customers' money and what is between the banks. */
    private static BigDecimal all(Money one, Money other) {
        return one.total().add(one.transit()).add(other.total()).add(other.transit());
    }

    /** Prints a line a second while the transfers run. */
    private final class Progress implements AutoCloseable {

        private final ScheduledExecutorService timer =
                Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "demo-progress"));
        private @Nullable String last;

        void begin() {
            timer.scheduleAtFixedRate(this::print, 1, 1, TimeUnit.SECONDS);
        }

        private void print() {
            String line = tally.progress();
            if (!line.equals(last)) {
                last = line;
                out.println(line);
            }
        }

        @Override
        public void close() {
            timer.shutdownNow();
            out.println(tally.progress());
        }
    }
}
