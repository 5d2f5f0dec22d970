package io.amends.benchmarks.twopc.contender;

import io.amends.benchmarks.twopc.process.Answering;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The process of a contender: the coordinator, or the service that orchestrates sagas. Understands {@code open name=value
 * ...}, {@code close}, {@code load inFlight hotShare most seed}, {@code mark}, {@code drain}, {@code finish}, {@code forced},
 * {@code serve}, and after that {@code order id from to cents}, which nobody waits for: it tells {@code completed id}, {@code
 * refused id} or {@code unknown id} some time, and {@code accepted id} before if that outlasts the process.
 */
public final class ContenderProcess implements Answering.Questioned {

    private static final int MOST_ORDERS = 1000;

    private final Kind kind;
    private final ThreadPoolExecutor orders;
    private @Nullable Transfers transfers;
    private @Nullable Load load;

    /** Opens nothing yet. */
    public ContenderProcess(Kind kind) {
        this.kind = kind;
        this.orders = new ThreadPoolExecutor(
                Settings.CONNECTIONS, Settings.CONNECTIONS, 1, TimeUnit.MINUTES, new ArrayBlockingQueue<>(MOST_ORDERS));
        this.orders.allowCoreThreadTimeOut(true);
    }

    @Override
    public @Nullable String answer(List<String> words) throws InterruptedException {
        switch (words.get(0)) {
            case "open" -> transfers = open(words.subList(1, words.size()));
            case "close" -> {
                if (transfers != null) {
                    transfers.close();
                    transfers = null;
                }
            }
            case "load" ->
                load = new Load(
                        there(transfers),
                        Integer.parseInt(words.get(1)),
                        Double.parseDouble(words.get(2)),
                        Long.parseLong(words.get(3)),
                        Long.parseLong(words.get(4)));
            case "mark" -> {
                return there(load).mark();
            }
            case "drain" -> {
                return there(load).drain(true);
            }
            case "finish" -> {
                return there(load).drain(false);
            }
            case "forced" -> {
                return Long.toString(there(transfers).forcedWrites());
            }
            case "serve" ->
                there(transfers)
                        .whenEnded(
                                (id, end) -> Answering.tell(end.name().toLowerCase(java.util.Locale.ROOT) + " " + id));
            case "order" -> {
                order(words);
                return null;
            }
            default -> throw new IllegalArgumentException("A contender does not understand " + words);
        }
        return "done";
    }

    private void order(List<String> words) {
        UUID id = UUID.fromString(words.get(1));
        Transfer transfer = Transfer.of(
                id, Integer.parseInt(words.get(2)), Integer.parseInt(words.get(3)), Long.parseLong(words.get(4)));
        Transfers worker = there(transfers);
        try {
            orders.execute(() -> {
                try {
                    worker.begin(transfer);
                    if (worker.lasts()) {
                        Answering.tell("accepted " + id);
                    }
                } catch (RuntimeException trouble) {
                    Answering.tell("refused " + id);
                    throw trouble;
                }
            });
        } catch (RejectedExecutionException full) {
            Answering.tell("refused " + id);
        }
    }

    private Transfers open(List<String> words) {
        return switch (kind) {
            case SAGA -> new SagaTransfers(words);
            case TWO_PHASE -> new TwoPhase(Settings.of(words));
            case NARAYANA, NARAYANA_TUNED -> new Narayana(Settings.of(words));
        };
    }

    private static <T> T there(@Nullable T thing) {
        if (thing == null) {
            throw new IllegalStateException("Nothing is open.");
        }
        return thing;
    }
}
