package io.amends.test.simulation;

import io.amends.runtime.DeferredReplies;
import io.amends.runtime.Sagas;
import io.amends.runtime.StartedSaga;
import io.amends.saga.Command;
import io.amends.saga.CommandHandler;
import io.amends.saga.Commands;
import io.amends.saga.Deferred;
import io.amends.saga.Rejection;
import io.amends.saga.Reply;
import io.amends.saga.ReplyToken;
import io.amends.saga.SagaKey;
import io.amends.saga.SubSaga;
import io.amends.saga.Success;
import io.amends.saga.definition.RetryPolicy;
import io.amends.saga.definition.SagaDefinition;
import io.amends.saga.definition.SagaStages.BeforePivot;
import io.amends.test.memory.MemoryDatabase;
import io.amends.test.memory.MemoryTable;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Banks that keep a journal of what really changed, and sagas that move money between them. The journal is what the
 * checks go by, not what the framework says of itself.
 */
final class Banking {

    static final Duration DEADLINE = Duration.ofMinutes(1);
    static final long OPENING_BALANCE = 100;
    static final List<String> BANKS = List.of("bank-a", "bank-b");
    private static final List<String> ACCOUNTS = List.of("ann", "bob", "eve");

    private static final List<String> SAGAS = List.of("chain", "fan", "approved", "decided", "parent");
    private static final int DECIDED_LATER = 1;

    private final boolean remembersBalances;
    private final AtomicLong order = new AtomicLong();
    private final List<StartedSaga> started = new ArrayList<>();
    private final Map<UUID, Instant> turnedBack = new LinkedHashMap<>();
    /** By chance banks refuse to undo; null once they don't any more. */
    private @Nullable RandomGenerator whims;

    private Supplier<Instant> now = () -> Instant.EPOCH;
    private int transfers;

    Banking(boolean remembersBalances, long seed) {
        this.remembersBalances = remembersBalances;
        this.whims = new Random(seed);
    }

    /** From now on every bank undoes what it is told to. */
    void giveIn() {
        whims = null;
    }

    record Leg(String bank, String account, long amount) {}

    record Transfer(UUID id, List<Leg> legs) {}

    record Move(UUID transfer, int leg, String account, long amount) implements Command<MoveReply> {}

    sealed interface MoveReply extends Reply {}

    record Moved() implements MoveReply, Success {}

    record Refused() implements MoveReply, Rejection {}

    /** A move that somebody at the bank decides on later. */
    record MoveLater(UUID transfer, int leg, String account, long amount) implements Command<MoveReply> {}

    /** What is to be decided. */
    record Request(ReplyToken token, MoveLater command) {}

    record Undo(UUID transfer, int leg) implements Command<UndoReply> {}

    sealed interface UndoReply extends Reply {}

    record Undone() implements UndoReply, Success {}

    /** To a bank that has no choice. */
    record Recall(UUID transfer, int leg) implements Command<Undone> {}

    /** A bank that will not, for now. */
    record NotToday() implements UndoReply, Rejection {}

    record UndoLater(UUID transfer, int leg) implements Command<UndoReply> {}

    record Settle(UUID transfer, int leg, String account, long amount) implements Command<Settled> {}

    record Settled() implements Success {}

    /** What a committed transaction of a bank did. */
    record Effect(long order, UUID transfer, int leg, boolean compensation, String account, long amount, long before) {}

    /** The participant: it relies on inbox and barrier, nothing in it would notice a repeat. */
    final class Bank {

        private final MemoryTable<String, Long> accounts;
        private final MemoryTable<Long, Effect> journal;
        private final MemoryTable<ReplyToken, Request> requests;

        Bank(MemoryDatabase database) {
            this.accounts = database.table("accounts");
            this.journal = database.table("journal");
            this.requests = database.table("requests");
        }

        @CommandHandler
        MoveReply on(Move command) {
            long balance = balance(command.account());
            if (balance + command.amount() < 0) {
                return new Refused();
            }
            write(command.transfer(), command.leg(), false, command.account(), command.amount(), balance);
            return new Moved();
        }

        @CommandHandler
        Deferred<MoveReply> on(MoveLater command, ReplyToken token) {
            requests.put(token, new Request(token, command));
            return Deferred.later();
        }

        /** Decides on a request, whose effect commits with its answer or not at all. */
        void decide(DeferredReplies replies, RandomGenerator random) {
            List<Request> open = requests.values();
            if (open.isEmpty()) {
                return;
            }
            Request request = open.get(random.nextInt(open.size()));
            MoveLater command = request.command();
            long balance = balance(command.account());
            boolean refused = balance + command.amount() < 0 || random.nextInt(4) == 0;
            if (replies.complete(request.token(), refused ? new Refused() : new Moved()) == DeferredReplies.Result.DONE
                    && !refused) {
                write(command.transfer(), command.leg(), false, command.account(), command.amount(), balance);
            }
            if (random.nextBoolean()) {
                // Else it is decided on again some day, to no effect.
                requests.remove(request.token());
            }
        }

        @CommandHandler
        Settled on(Settle command) {
            long balance = balance(command.account());
            write(command.transfer(), command.leg(), false, command.account(), command.amount(), balance);
            return new Settled();
        }

        /** Where nobody has decided yet, nobody will, and there is nothing to undo. */
        @CommandHandler
        UndoReply on(UndoLater command) {
            return action(command.transfer(), command.leg()) == null
                    ? new Undone()
                    : on(new Undo(command.transfer(), command.leg()));
        }

        private @Nullable Effect action(UUID transfer, int leg) {
            return journal.values().stream()
                    .filter(effect -> effect.transfer().equals(transfer) && effect.leg() == leg)
                    .filter(effect -> !effect.compensation())
                    .findFirst()
                    .orElse(null);
        }

        @CommandHandler
        UndoReply on(Undo command) {
            UndoReply reply = undo(command);
            // Late enough for what was written to have to be undone.
            return whims != null && whims.nextInt(6) == 0 ? new NotToday() : reply;
        }

        @CommandHandler
        Undone on(Recall command) {
            return undo(new Undo(command.transfer(), command.leg()));
        }

        private Undone undo(Undo command) {
            Effect action = action(command.transfer(), command.leg());
            if (action == null) {
                write(command.transfer(), command.leg(), true, ACCOUNTS.get(0), 0, balance(ACCOUNTS.get(0)));
                return new Undone();
            }
            long balance = balance(action.account());
            long amount = remembersBalances ? action.before() - balance : -action.amount();
            write(command.transfer(), command.leg(), true, action.account(), amount, balance);
            return new Undone();
        }

        private long balance(String account) {
            // A row that is not there can't be locked.
            accounts.insert(account, OPENING_BALANCE);
            return accounts.lock(account).orElseThrow();
        }

        private void write(UUID transfer, int leg, boolean compensation, String account, long amount, long before) {
            accounts.put(account, before + amount);
            long number = order.incrementAndGet();
            journal.put(number, new Effect(number, transfer, leg, compensation, account, amount, before));
        }
    }

    List<Effect> journal(Simulation simulation, String bank) {
        return simulation.database(bank).<Long, Effect>table("journal").values();
    }

    long total(Simulation simulation) {
        return BANKS.stream()
                .flatMap(bank -> simulation.database(bank).<String, Long>table("accounts").values().stream())
                .mapToLong(balance -> balance - OPENING_BALANCE)
                .sum();
    }

    /** The simulation's time, for noting when a saga turned back. */
    void clock(Supplier<Instant> source) {
        now = source;
    }

    /** Whether a saga of that name moves all four legs. */
    static boolean movesAll(String saga) {
        return SAGAS.contains(saga);
    }

    List<StartedSaga> started() {
        return started;
    }

    Map<UUID, Instant> turnedBack() {
        return turnedBack;
    }

    /** A client: begins another transfer, or repeats one, as somebody does who got no answer. */
    void act(Sagas sagas, RandomGenerator random) {
        if (transfers >= 10) {
            return;
        }
        transfers++;
        UUID id = new UUID(7, random.nextInt(12));
        RandomGenerator same = new Random(id.getLeastSignificantBits());
        long amount = 20 + same.nextInt(60);
        Transfer transfer =
                new Transfer(id, List.of(leg(same, -amount), leg(same, -amount), leg(same, amount), leg(same, amount)));
        String saga = SAGAS.get(same.nextInt(SAGAS.size()));
        started.add(sagas.start(saga, transfer, SagaKey.of(id.toString())));
    }

    /** Somebody who gives or refuses the word that a saga may wait for, now and then twice. */
    void approve(Sagas sagas, RandomGenerator random) {
        if (!started.isEmpty()) {
            UUID saga = started.get(random.nextInt(started.size())).sagaId();
            sagas.find(saga)
                    .filter(found -> found.name().equals("approved"))
                    .ifPresent(found -> sagas.signal(
                            "approved",
                            SagaKey.of(found.key()),
                            "approval",
                            random.nextInt(3) == 0 ? new Denied() : new Approved()));
        }
    }

    sealed interface Approval extends Reply {}

    record Approved() implements Approval, Success {}

    record Denied() implements Approval, Rejection {}

    /** A local step, a leg, somebody's word, and two more legs. */
    SagaDefinition approved(MemoryDatabase orchestrator) {
        MemoryTable<UUID, Integer> notes = orchestrator.table("notes");
        BeforePivot<Transfer> start = SagaDefinition.named("approved")
                .deadline(DEADLINE)
                .data(Transfer.class)
                .localStep("note", transfer -> note(notes, transfer, 1))
                .compensatedLocallyBy(transfer -> note(notes, transfer, -1));
        return decidedByPivot(compensatable(compensatable(start, 0), 1)
                .awaitSignal("word", "approval", Approval.class)
                .timeout(Duration.ofSeconds(20)));
    }

    /** A leg, one that somebody decides on later, and two more. */
    SagaDefinition decided() {
        BeforePivot<Transfer> start =
                SagaDefinition.named("decided").deadline(DEADLINE).data(Transfer.class);
        return decidedByPivot(compensatable(start, 0)
                .step(
                        "leg-1",
                        MoveLater.class,
                        transfer -> Commands.to(transfer.legs().get(1).bank(), later(transfer)))
                .compensatedBy(
                        UndoLater.class,
                        transfer -> Commands.to(transfer.legs().get(1).bank(), new UndoLater(transfer.id(), 1)))
                .timeout(Duration.ofSeconds(20)));
    }

    /** A leg, another saga that does the second one, and two more. */
    SagaDefinition parent() {
        BeforePivot<Transfer> start =
                SagaDefinition.named("parent").deadline(DEADLINE).data(Transfer.class);
        return decidedByPivot(compensatable(start, 0)
                .subSaga("errand", "errand", Transfer.class, transfer -> SubSaga.of(transfer, keyOf(transfer)))
                .undoneBy("recall", Transfer.class, transfer -> SubSaga.of(transfer, keyOf(transfer)))
                .timeout(Duration.ofSeconds(15)));
    }

    /** What the parent starts: the second leg, which can be compensated until the end. */
    SagaDefinition errand() {
        BeforePivot<Transfer> start = SagaDefinition.named("errand").asSubSaga().data(Transfer.class);
        return compensatable(start, 1).build();
    }

    /** What undoes an errand that has completed. */
    SagaDefinition recall() {
        return SagaDefinition.named("recall")
                .asSubSaga()
                .data(Transfer.class)
                .retriable(
                        "leg-1",
                        Recall.class,
                        transfer -> Commands.to(transfer.legs().get(1).bank(), new Recall(transfer.id(), 1)))
                .build();
    }

    private static SagaKey keyOf(Transfer transfer) {
        return SagaKey.of(transfer.id().toString());
    }

    private static MoveLater later(Transfer transfer) {
        Leg what = transfer.legs().get(DECIDED_LATER);
        return new MoveLater(transfer.id(), DECIDED_LATER, what.account(), what.amount());
    }

    private static Transfer note(MemoryTable<UUID, Integer> notes, Transfer transfer, int by) {
        notes.insert(transfer.id(), 0);
        notes.put(transfer.id(), notes.lock(transfer.id()).orElseThrow() + by);
        return transfer;
    }

    static int notes(Simulation simulation, UUID transfer) {
        return simulation
                .orchestratorDatabase()
                .<UUID, Integer>table("notes")
                .get(transfer)
                .orElse(0);
    }

    private static Leg leg(RandomGenerator random, long amount) {
        return new Leg(BANKS.get(random.nextInt(BANKS.size())), ACCOUNTS.get(random.nextInt(ACCOUNTS.size())), amount);
    }

    /** One after the other: two that can be compensated, a pivot, one that must succeed. */
    SagaDefinition chain() {
        BeforePivot<Transfer> start =
                SagaDefinition.named("chain").deadline(DEADLINE).data(Transfer.class);
        return decidedByPivot(compensatable(compensatable(start, 0), 1));
    }

    /** Two at once, then two more; no pivot, so that everything can be compensated until the end. */
    SagaDefinition fan() {
        BeforePivot<Transfer> start =
                SagaDefinition.named("fan").deadline(DEADLINE).data(Transfer.class);
        return compensatable(compensatable(compensatable(compensatable(start, 0).alongside(), 1), 2), 3)
                .onCompensating(this::turned)
                .build();
    }

    /** The last two legs: a pivot, and one that must succeed. */
    private SagaDefinition decidedByPivot(BeforePivot<Transfer> saga) {
        return saga.pivot(
                        "leg-2",
                        Move.class,
                        transfer -> Commands.to(transfer.legs().get(2).bank(), move(transfer, 2)))
                .retriable(
                        "leg-3",
                        Settle.class,
                        transfer -> Commands.to(transfer.legs().get(3).bank(), settle(transfer)))
                .onCompensating(this::turned)
                .build();
    }

    private void turned(Transfer transfer) {
        turnedBack.put(transfer.id(), now.get());
    }

    private static BeforePivot<Transfer> compensatable(BeforePivot<Transfer> saga, int leg) {
        return saga.step(
                        "leg-" + leg,
                        Move.class,
                        transfer -> Commands.to(transfer.legs().get(leg).bank(), move(transfer, leg)))
                .compensatedBy(
                        Undo.class,
                        transfer -> Commands.to(transfer.legs().get(leg).bank(), new Undo(transfer.id(), leg)))
                .timeout(Duration.ofSeconds(5))
                .retry(RetryPolicy.DEFAULT.withAttempts(4));
    }

    private static Move move(Transfer transfer, int leg) {
        Leg what = transfer.legs().get(leg);
        return new Move(transfer.id(), leg, what.account(), what.amount());
    }

    private static Settle settle(Transfer transfer) {
        Leg what = transfer.legs().get(3);
        return new Settle(transfer.id(), 3, what.account(), what.amount());
    }
}
