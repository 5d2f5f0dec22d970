package io.amends.runtime.orchestrator;

import io.amends.saga.Command;
import io.amends.saga.Compensation;
import io.amends.saga.Escalation;
import io.amends.saga.OnReply;
import io.amends.saga.Rejection;
import io.amends.saga.Reply;
import io.amends.saga.Saga;
import io.amends.saga.SagaKey;
import io.amends.saga.SagaStep;
import io.amends.saga.Signal;
import io.amends.saga.StepKind;
import io.amends.saga.SubSaga;
import io.amends.saga.SubSagaCompensated;
import io.amends.saga.SubSagaCompleted;
import io.amends.saga.Success;
import java.util.Optional;

/** A purchase whose second step is a saga of its own: the shipping, which another saga cancels once it is complete. */
final class Shop {

    private Shop() {}

    record Purchase(String id, boolean shipped, String note) {
        static Purchase of(String id) {
            return new Purchase(id, true, "");
        }
    }

    record Shipment(String purchaseId, String address) {}

    record Recall(String purchaseId) {}

    /** Every command that is no sub-saga; what it is called says the step. */
    record Do(String what) implements Command<DoReply> {}

    record MustDo(String what) implements Command<Done> {}

    sealed interface DoReply extends Reply {}

    record Done() implements DoReply, Success {}

    record No() implements DoReply, Rejection {}

    @Saga(name = "purchase", deadline = "1d")
    static class PurchaseSaga {
        @SagaStep(order = 1, name = "reserve", participant = "warehouse")
        Do reserve(Purchase purchase) {
            return new Do("reserve");
        }

        @Compensation(of = "reserve")
        MustDo release(Purchase purchase) {
            return new MustDo("release");
        }

        @SagaStep(order = 2, name = "ship", saga = "shipping", timeout = "1h", onExhausted = Escalation.ALERT_ONLY)
        Optional<SubSaga<Shipment>> ship(Purchase purchase) {
            return purchase.shipped()
                    ? Optional.of(SubSaga.of(new Shipment(purchase.id(), "Elm Street"), SagaKey.of(purchase.id())))
                    : Optional.empty();
        }

        @OnReply(to = "ship")
        Purchase shipped(Purchase purchase, SubSagaCompleted shipping) {
            return new Purchase(purchase.id(), true, "shipped with " + shipping.key());
        }

        @OnReply(to = "ship")
        Purchase notShipped(Purchase purchase, SubSagaCompensated shipping) {
            return new Purchase(purchase.id(), true, "not shipped: " + shipping.reason());
        }

        @Compensation(of = "ship", saga = "recall", timeout = "1h")
        SubSaga<Recall> recall(Purchase purchase) {
            return SubSaga.of(new Recall(purchase.id()), SagaKey.of("recall-" + purchase.id()));
        }

        @SagaStep(order = 3, name = "pay", kind = StepKind.PIVOT, participant = "bank")
        Do pay(Purchase purchase) {
            return new Do("pay");
        }
    }

    @Saga(name = "shipping", subSaga = true)
    static class ShippingSaga {
        @SagaStep(order = 1, name = "pack", participant = "packers")
        Do pack(Shipment shipment) {
            return new Do("pack");
        }

        @Compensation(of = "pack")
        MustDo unpack(Shipment shipment) {
            return new MustDo("unpack");
        }

        @SagaStep(order = 2, name = "hand-over", kind = StepKind.PIVOT, participant = "courier")
        Do handOver(Shipment shipment) {
            return new Do("hand-over");
        }

        @SagaStep(order = 3, name = "track", kind = StepKind.RETRIABLE, participant = "courier")
        MustDo track(Shipment shipment) {
            return new MustDo("track");
        }
    }

    @Saga(name = "recall", subSaga = true)
    static class RecallSaga {
        @SagaStep(order = 1, name = "call-back", kind = StepKind.PIVOT, participant = "courier")
        Do callBack(Recall recall) {
            return new Do("call-back");
        }
    }

    /** Starts itself with its own key. */
    @Saga(name = "mirror", subSaga = true)
    static class MirrorSaga {
        @SagaStep(order = 1, name = "again", kind = StepKind.PIVOT, saga = "mirror")
        SubSaga<Recall> again(Recall recall) {
            return SubSaga.of(recall, SagaKey.of(recall.purchaseId()));
        }
    }

    /** Is over as soon as it starts. */
    @Saga(name = "instant", subSaga = true)
    static class InstantSaga {
        @SagaStep(order = 1, name = "note", kind = StepKind.RETRIABLE)
        void note(Recall recall) {}
    }

    /** Starts what is over at once, and then waits. */
    @Saga(name = "hasty")
    static class HastySaga {
        @SagaStep(order = 1, name = "note", saga = "instant")
        SubSaga<Recall> note(Recall recall) {
            return SubSaga.of(recall, SagaKey.of(recall.purchaseId()));
        }

        @Compensation(of = "note", saga = "instant")
        SubSaga<Recall> undo(Recall recall) {
            return SubSaga.of(recall, SagaKey.of("undo-" + recall.purchaseId()));
        }

        @SagaStep(order = 2, name = "pay", kind = StepKind.PIVOT, participant = "bank")
        Do pay(Recall recall) {
            return new Do("pay");
        }
    }

    /** Waits for a word, and has nothing to compensate until then. */
    @Saga(name = "patient", subSaga = true)
    static class PatientSaga {
        @SagaStep(order = 1, name = "wait")
        Signal<DoReply> await(Recall recall) {
            return Signal.awaited("go");
        }
    }

    /** Its only step before the pivot is the patient one. */
    @Saga(name = "visitor")
    static class VisitorSaga {
        @SagaStep(order = 1, name = "see", saga = "patient")
        SubSaga<Recall> see(Recall recall) {
            return SubSaga.of(recall, SagaKey.of(recall.purchaseId()));
        }

        @Compensation(of = "see", saga = "recall")
        SubSaga<Recall> undo(Recall recall) {
            return SubSaga.of(recall, SagaKey.of("undo-" + recall.purchaseId()));
        }

        @SagaStep(order = 2, name = "pay", kind = StepKind.PIVOT, participant = "bank")
        Do pay(Recall recall) {
            return new Do("pay");
        }
    }

    /** Asks for a saga that nobody may start so. */
    @Saga(name = "burglar")
    static class BurglarSaga {
        @SagaStep(order = 1, name = "break-in", kind = StepKind.PIVOT, saga = "purchase")
        SubSaga<Purchase> breakIn(Recall recall) {
            return SubSaga.of(Purchase.of(recall.purchaseId()), SagaKey.of(recall.purchaseId()));
        }
    }
}
