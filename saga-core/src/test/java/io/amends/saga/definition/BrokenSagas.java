package io.amends.saga.definition;

import io.amends.saga.AddressedCommand;
import io.amends.saga.Command;
import io.amends.saga.Commands;
import io.amends.saga.Compensation;
import io.amends.saga.MessageType;
import io.amends.saga.OnCompensated;
import io.amends.saga.OnCompleted;
import io.amends.saga.OnReply;
import io.amends.saga.Rejection;
import io.amends.saga.Reply;
import io.amends.saga.Saga;
import io.amends.saga.SagaStep;
import io.amends.saga.StepKind;
import io.amends.saga.Success;
import io.amends.saga.definition.Transfers.AccountClosed;
import io.amends.saga.definition.Transfers.CaptureFunds;
import io.amends.saga.definition.Transfers.FundsReserved;
import io.amends.saga.definition.Transfers.InsufficientFunds;
import io.amends.saga.definition.Transfers.ReleaseFunds;
import io.amends.saga.definition.Transfers.ReserveFunds;
import io.amends.saga.definition.Transfers.ReserveFundsReply;
import io.amends.saga.definition.Transfers.Transfer;
import java.util.Optional;

/** Sagas that each break the rules that their names say, and no others. */
final class BrokenSagas {

    private BrokenSagas() {}

    interface OpenReply extends Reply {}

    record AskOpenly(String id) implements Command<OpenReply> {}

    sealed interface TwinReply extends Success {}

    @MessageType("twin")
    record OneTwin() implements TwinReply {}

    @MessageType("twin")
    record OtherTwin() implements TwinReply {}

    record AskTwins(String id) implements Command<TwinReply> {}

    sealed interface Answer extends Reply {}

    record Yes() implements Answer, Success {}

    record ForgottenNo() implements Answer {}

    record YesAndNo() implements Answer, Success, Rejection {}

    record AskVaguely(String id) implements Command<Answer> {}

    @Saga(name = "vague")
    static class Vague {
        @SagaStep(order = 1, name = "ask", kind = StepKind.PIVOT, participant = "clerk")
        AskVaguely ask(Transfer data) {
            return new AskVaguely(data.id());
        }
    }

    /** Nobody answers with it itself, but it doesn't say so. */
    static class Base implements Reply {}

    static final class BaseYes extends Base implements Success {}

    static final class BaseNo extends Base implements Rejection {}

    record AskBase(String id) implements Command<Base> {}

    @Saga(name = "concrete-base")
    static class ConcreteBase {
        @SagaStep(order = 1, name = "ask", kind = StepKind.PIVOT, participant = "clerk")
        AskBase ask(Transfer data) {
            return new AskBase(data.id());
        }
    }

    interface Costly extends Reply {}

    interface Slow extends Reply {}

    record CostlyAndSlow() implements Costly, Slow, Success {}

    record AskBoth(String id) implements Command<CostlyAndSlow> {}

    static final class Other {}

    @Saga(name = "duplicate-step")
    static class DuplicateStep {
        @SagaStep(order = 1, name = "pay", kind = StepKind.RETRIABLE)
        void first(Transfer data) {}

        @SagaStep(order = 2, name = "pay", kind = StepKind.RETRIABLE)
        void second(Transfer data) {}
    }

    @Saga(name = "missing-compensation")
    static class MissingCompensation {
        @SagaStep(order = 1, name = "pay")
        void pay(Transfer data) {}
    }

    @Saga(name = "misspelt-reference")
    static class MisspeltReference {
        @SagaStep(order = 1, name = "reserve-funds", participant = "bank-a")
        ReserveFunds reserve(Transfer data) {
            return new ReserveFunds(data.id());
        }

        @Compensation(of = "reserve-funds")
        ReleaseFunds release(Transfer data) {
            return new ReleaseFunds(data.id());
        }

        @OnReply(to = "reserve-fund")
        void refused(Transfer data, InsufficientFunds reply) {}
    }

    @Saga(name = "far-off-reference")
    static class FarOffReference {
        @SagaStep(order = 1, name = "capture", kind = StepKind.RETRIABLE)
        void capture(Transfer data) {}

        @SagaStep(order = 2, name = "tell", kind = StepKind.RETRIABLE)
        void tell(Transfer data) {}

        @Compensation(of = "something-else")
        void undo(Transfer data) {}
    }

    @Saga(name = "two-compensations")
    static class TwoCompensations {
        @SagaStep(order = 1, name = "pay")
        void pay(Transfer data) {}

        @Compensation(of = "pay")
        void first(Transfer data) {}

        @Compensation(of = "pay")
        void second(Transfer data) {}
    }

    @Saga(name = "after-pivot")
    static class AfterPivot {
        @SagaStep(order = 1, name = "decide", kind = StepKind.PIVOT)
        void decide(Transfer data) {}

        @SagaStep(order = 2, name = "late")
        void late(Transfer data) {}

        @Compensation(of = "late")
        void undo(Transfer data) {}
    }

    @Saga(name = "beside-pivot")
    static class BesidePivot {
        @SagaStep(order = 1, name = "decide", kind = StepKind.PIVOT)
        void decide(Transfer data) {}

        @SagaStep(order = 1, name = "beside")
        void beside(Transfer data) {}

        @Compensation(of = "beside")
        void undo(Transfer data) {}
    }

    @Saga(name = "two-pivots")
    static class TwoPivots {
        @SagaStep(order = 1, name = "decide", kind = StepKind.PIVOT)
        void decide(Transfer data) {}

        @SagaStep(order = 2, name = "decide-again", kind = StepKind.PIVOT)
        void again(Transfer data) {}
    }

    @Saga(name = "rejectable")
    static class Rejectable {
        @SagaStep(order = 1, name = "reserve", kind = StepKind.RETRIABLE)
        Optional<AddressedCommand<ReserveFunds>> reserve(Transfer data) {
            return Optional.of(Commands.to("bank-a", new ReserveFunds(data.id())));
        }
    }

    @Saga(name = "rejectable-open")
    static class RejectableOpen {
        @SagaStep(order = 1, name = "ask", kind = StepKind.RETRIABLE, participant = "bank-a")
        AskOpenly ask(Transfer data) {
            return new AskOpenly(data.id());
        }
    }

    @Saga(name = "rejectable-local")
    static class RejectableLocal {
        @SagaStep(order = 1, name = "look", kind = StepKind.RETRIABLE)
        ReserveFundsReply look(Transfer data) {
            return new FundsReserved();
        }
    }

    @Saga(name = "data-differs")
    static class DataDiffers {
        @SagaStep(order = 1, name = "one", kind = StepKind.RETRIABLE)
        void one(Transfer data) {}

        @SagaStep(order = 2, name = "two", kind = StepKind.RETRIABLE)
        void two(Transfer data) {}

        @OnCompleted
        void done(Other data) {}
    }

    @Saga(name = "Money_Transfer", version = 0, deadline = "soon")
    static class BadSaga {}

    @Saga(name = "bad-names")
    static class BadNames {
        @SagaStep(order = 1, name = "Pay", kind = StepKind.RETRIABLE)
        void pay(Transfer data) {}

        @SagaStep(order = 2, name = "send", kind = StepKind.RETRIABLE, participant = "Bank A")
        CaptureFunds send(Transfer data) {
            return new CaptureFunds(data.id());
        }
    }

    @Saga(name = "bad-timeouts")
    static class BadTimeouts {
        @SagaStep(order = 1, name = "zero", kind = StepKind.RETRIABLE, timeout = "0s")
        void zero(Transfer data) {}

        @SagaStep(order = 2, name = "less", kind = StepKind.RETRIABLE, timeout = "PT-5S")
        void less(Transfer data) {}

        @SagaStep(order = 3, name = "word", kind = StepKind.RETRIABLE, timeout = "30 s")
        void word(Transfer data) {}
    }

    @Saga(name = "bad-signatures")
    static class BadSignatures {
        @SagaStep(order = 1, name = "no-participant", kind = StepKind.RETRIABLE)
        CaptureFunds noParticipant(Transfer data) {
            return new CaptureFunds(data.id());
        }

        @SagaStep(order = 2, name = "text", kind = StepKind.RETRIABLE)
        String text(Transfer data) {
            return data.id();
        }

        @SagaStep(order = 3, name = "maybe-data", kind = StepKind.RETRIABLE)
        Optional<Transfer> maybeData(Transfer data) {
            return Optional.of(data);
        }

        @SuppressWarnings("rawtypes")
        @SagaStep(order = 4, name = "raw-optional", kind = StepKind.RETRIABLE)
        Optional rawOptional(Transfer data) {
            return Optional.empty();
        }

        @SagaStep(order = 5, name = "no-data", kind = StepKind.RETRIABLE)
        void noData() {}

        @SagaStep(order = 6, name = "static", kind = StepKind.RETRIABLE)
        static void isStatic(Transfer data) {}

        @SagaStep(order = 7, name = "two-addresses", kind = StepKind.RETRIABLE, participant = "bank-a")
        AddressedCommand<CaptureFunds> twoAddresses(Transfer data) {
            return Commands.to("bank-b", new CaptureFunds(data.id()));
        }

        @SagaStep(order = 8, name = "nothing-to-send", kind = StepKind.RETRIABLE, participant = "bank-a")
        void nothingToSend(Transfer data) {}
    }

    @Saga(name = "nobody-named")
    static class NobodyNamed {
        @SagaStep(order = 1, name = "ask")
        ReserveFunds ask(Transfer data) {
            return new ReserveFunds(data.id());
        }

        @Compensation(of = "ask")
        ReleaseFunds undo(Transfer data) {
            return new ReleaseFunds(data.id());
        }
    }

    @Saga(name = "misspelt-undo")
    static class MisspeltUndo {
        @SagaStep(order = 1, name = "ask", participant = "bank-a")
        ReserveFunds ask(Transfer data) {
            return new ReserveFunds(data.id());
        }

        @Compensation(of = "aks")
        ReleaseFunds undo(Transfer data) {
            return new ReleaseFunds(data.id());
        }
    }

    @Saga(name = "bad-handlers")
    static class BadHandlers {
        @SagaStep(order = 1, name = "ask", kind = StepKind.PIVOT, participant = "bank-a")
        ReserveFunds ask(Transfer data) {
            return new ReserveFunds(data.id());
        }

        @OnReply(to = "ask")
        void noReply(Transfer data) {}

        @OnReply(to = "ask")
        void notAReply(Transfer data, String reply) {}

        @OnReply(to = "ask")
        String notData(Transfer data, FundsReserved reply) {
            return data.id();
        }
    }

    @Saga(name = "bad-hooks")
    static class BadHooks {
        @SagaStep(order = 1, name = "only", kind = StepKind.RETRIABLE)
        void only(Transfer data) {}

        @OnCompleted
        void first(Transfer data) {}

        @OnCompleted
        void second(Transfer data) {}

        @OnCompensated
        Transfer returning(Transfer data) {
            return data;
        }
    }

    @Saga(name = "not-in-contract")
    static class NotInContract {
        @SagaStep(order = 1, name = "ask", kind = StepKind.PIVOT, participant = "bank-a")
        ReserveFunds ask(Transfer data) {
            return new ReserveFunds(data.id());
        }

        @OnReply(to = "ask")
        void closed(Transfer data, AccountClosed reply) {}
    }

    @Saga(name = "no-reply")
    static class NoReply {
        @SagaStep(order = 1, name = "local", kind = StepKind.PIVOT)
        void local(Transfer data) {}

        @OnReply(to = "local")
        void closed(Transfer data, AccountClosed reply) {}
    }

    @Saga(name = "twice-taken")
    static class TwiceTaken {
        @SagaStep(order = 1, name = "ask", kind = StepKind.PIVOT, participant = "bank-a")
        ReserveFunds ask(Transfer data) {
            return new ReserveFunds(data.id());
        }

        @OnReply(to = "ask")
        void first(Transfer data, InsufficientFunds reply) {}

        @OnReply(to = "ask")
        void second(Transfer data, InsufficientFunds reply) {}
    }

    @Saga(name = "overlapping")
    static class Overlapping {
        @SagaStep(order = 1, name = "ask", kind = StepKind.PIVOT, participant = "bank-a")
        AskBoth ask(Transfer data) {
            return new AskBoth(data.id());
        }

        @OnReply(to = "ask")
        void costly(Transfer data, Costly reply) {}

        @OnReply(to = "ask")
        void slow(Transfer data, Slow reply) {}
    }

    @Saga(name = "twins")
    static class Twins {
        @SagaStep(order = 1, name = "ask", kind = StepKind.RETRIABLE, participant = "bank-a")
        AskTwins ask(Transfer data) {
            return new AskTwins(data.id());
        }
    }

    @Saga(name = "Everything Wrong", deadline = "never")
    static class EverythingWrong {
        @SagaStep(order = 1, name = "reserve-funds")
        AddressedCommand<ReserveFunds> reserve(Transfer data) {
            return Commands.to("bank-a", new ReserveFunds(data.id()));
        }

        @SagaStep(order = 2, name = "reserve-funds", kind = StepKind.PIVOT)
        void again(Transfer data) {}

        @SagaStep(order = 3, name = "credit", kind = StepKind.PIVOT)
        void credit(Transfer data) {}

        @SagaStep(order = 4, name = "late")
        void late(Other data) {}

        @SagaStep(order = 5, name = "capture", kind = StepKind.RETRIABLE, participant = "bank-a")
        ReserveFunds capture(Transfer data) {
            return new ReserveFunds(data.id());
        }

        @Compensation(of = "credit")
        void one(Transfer data) {}

        @Compensation(of = "credit")
        void two(Transfer data) {}

        @Compensation(of = "captured")
        void three(Transfer data) {}

        @OnReply(to = "capture")
        void closed(Transfer data, AccountClosed reply) {}
    }
}
