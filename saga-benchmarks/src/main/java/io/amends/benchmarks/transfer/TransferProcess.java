package io.amends.benchmarks.transfer;

import io.amends.benchmarks.measure.JdbcCounts;
import io.amends.benchmarks.process.Answering;
import io.amends.benchmarks.process.RoleContext;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The process that starts transfers, and orchestrates them if they are sagas. Understands {@code open [name=value ...]}
 * for sagas, {@code open-plain bankA bankB user} for pairs of transactions, {@code close}, {@code counts},
 * {@code load inFlight seed}, {@code mark} and {@code drain}.
 */
public final class TransferProcess implements Answering.Questioned {

    private final JdbcCounts counts = new JdbcCounts();
    private final RoleContext role;
    private @Nullable Transfers transfers;
    private @Nullable Load load;

    /**
     * Opens nothing yet.
     *
     * @param properties where its servers are
     */
    public TransferProcess(List<String> properties) {
        this.role = new RoleContext(TransferRole.class, "transfer", properties, counts);
    }

    @Override
    public String answer(List<String> words) throws InterruptedException {
        switch (words.get(0)) {
            case "open" -> transfers = new SagaTransfers(role.open(words.subList(1, words.size())));
            case "open-plain" ->
                transfers = new PlainTransfers(words.get(1), words.get(2), words.get(3), Load.MOST_STARTERS, counts);
            case "close" -> close();
            case "load" ->
                load = new Load(open(transfers), Integer.parseInt(words.get(1)), Long.parseLong(words.get(2)));
            case "mark" -> {
                Load.Window window = open(load).mark();
                return "%d %d %d %d".formatted(window.ended(), window.duration(), window.p50(), window.p99());
            }
            case "drain" -> {
                return Long.toString(open(load).drain());
            }
            case "counts" -> {
                return counts.statements() + " " + counts.commits();
            }
            default -> throw new IllegalArgumentException("The transfer role does not understand " + words);
        }
        return "done";
    }

    private static <T> T open(@Nullable T thing) {
        if (thing == null) {
            throw new IllegalStateException("Nothing is open.");
        }
        return thing;
    }

    private void close() {
        if (transfers != null) {
            transfers.close();
            transfers = null;
        }
    }
}
