package io.amends.dashboard;

import io.amends.saga.Command;
import io.amends.saga.Compensation;
import io.amends.saga.Escalation;
import io.amends.saga.OnReply;
import io.amends.saga.Rejection;
import io.amends.saga.Reply;
import io.amends.saga.Retry;
import io.amends.saga.Saga;
import io.amends.saga.SagaStep;
import io.amends.saga.SearchAttribute;
import io.amends.saga.Signal;
import io.amends.saga.StepKind;
import io.amends.saga.Success;

/** Sagas of a parcel service that get stuck in every way. */
public final class Deliveries {

    private Deliveries() {}

    /** What all of them know. */
    public record Parcel(String id, String customer, String note) {
        public static Parcel of(String id) {
            return new Parcel(id, "customer-" + id, "");
        }
    }

    public record Collect(String id) implements Command<CollectReply> {}

    public sealed interface CollectReply extends Reply {}

    public record Collected(String van) implements CollectReply, Success {}

    public record NotThere() implements CollectReply, Rejection {}

    public record BringBack(String id) implements Command<BroughtBack> {}

    public record BroughtBack() implements Success {}

    public record Deliver(String id) implements Command<DeliverReply> {}

    public sealed interface DeliverReply extends Reply {}

    public record Delivered() implements DeliverReply, Success {}

    public record Refused() implements DeliverReply, Rejection {}

    public record Tell(String id) implements Command<Told> {}

    public record Told() implements Success {}

    public sealed interface Decision extends Reply {}

    public record Cleared() implements Decision, Success {}

    public record Forbidden() implements Decision, Rejection {}

    /** Collected, cleared by the customs, delivered (the pivot), and told of without end. */
    @Saga(name = "delivery", deadline = "60d")
    public static class DeliverySaga {

        @SagaStep(
                order = 1,
                name = "collect",
                participant = "vans",
                timeout = "1m",
                retry = @Retry(attempts = 5, backoff = "10s", backoffMax = "10s", jitter = false))
        Collect collect(Parcel parcel) {
            return new Collect(parcel.id());
        }

        @OnReply(to = "collect")
        Parcel collected(Parcel parcel, Collected reply) {
            if (reply.van().equals("unknown van")) {
                throw new IllegalStateException("no such van: 4711");
            }
            return new Parcel(parcel.id(), parcel.customer(), "in " + reply.van());
        }

        @Compensation(
                of = "collect",
                timeout = "1m",
                retry = @Retry(attempts = 2, backoff = "10s", backoffMax = "10s", jitter = false))
        BringBack bringBack(Parcel parcel) {
            return new BringBack(parcel.id());
        }

        @SagaStep(order = 2, name = "clear", timeout = "30d", sla = "1d")
        Signal<Decision> clear(Parcel parcel) {
            return Signal.awaited("customs");
        }

        @SagaStep(
                order = 3,
                name = "deliver",
                kind = StepKind.PIVOT,
                participant = "vans",
                timeout = "1h",
                retry = @Retry(attempts = 2, backoff = "10s", backoffMax = "10s", jitter = false))
        Deliver deliver(Parcel parcel) {
            return new Deliver(parcel.id());
        }

        @SagaStep(
                order = 4,
                name = "tell",
                kind = StepKind.RETRIABLE,
                participant = "mail",
                timeout = "1m",
                onExhausted = Escalation.ALERT_ONLY,
                retry = @Retry(attempts = 2, backoff = "10s", backoffMax = "10s", jitter = false))
        Tell tell(Parcel parcel) {
            return new Tell(parcel.id());
        }

        @SearchAttribute("customer")
        String customer(Parcel parcel) {
            return parcel.customer();
        }
    }

    /** Goes on after its deadline. */
    @Saga(name = "errand", deadline = "10m", onDeadline = Escalation.ALERT_ONLY)
    public static class ErrandSaga {

        @SagaStep(order = 1, name = "run", kind = StepKind.PIVOT, participant = "vans", timeout = "20d")
        Deliver run(Parcel parcel) {
            return new Deliver(parcel.id());
        }
    }

    /** Its customs officer is asked again each day, without end. */
    @Saga(name = "inquiry")
    public static class InquirySaga {

        @SagaStep(order = 1, name = "ask", timeout = "1d", onExhausted = Escalation.ALERT_ONLY)
        Signal<Decision> ask(Parcel parcel) {
            return Signal.awaited("customs");
        }
    }
}
