package io.amends.saga.definition;

import static org.assertj.core.api.Assertions.assertThat;

import io.amends.saga.Command;
import io.amends.saga.MessageType;
import io.amends.saga.Rejection;
import io.amends.saga.Reply;
import io.amends.saga.Success;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ContractTest {

    record Done() implements Success {}

    record Refused() implements Rejection {}

    record Noted() implements Reply {}

    static class OpenDone implements Success {}

    enum Verdict implements Success {
        FINE {},
        BETTER {}
    }

    sealed interface Nested extends Reply permits Inner, NestedRefused {}

    sealed interface Inner extends Nested permits InnerDone {}

    record InnerDone() implements Inner, Success {}

    record NestedRefused() implements Nested, Rejection {}

    sealed interface HalfOpen extends Reply permits HalfOpenDone, Elsewhere {}

    record HalfOpenDone() implements HalfOpen, Success {}

    non-sealed interface Elsewhere extends HalfOpen {}

    sealed interface OnlyGood extends Success permits Good {}

    @MessageType("all.good")
    record Good() implements OnlyGood {}

    sealed interface Twins extends Success permits One, Two {}

    @MessageType("twin")
    record One() implements Twins {}

    @MessageType("twin")
    record Two() implements Twins {}

    record ToRecord() implements Command<Done> {}

    record ToRejection() implements Command<Refused> {}

    record ToNeither() implements Command<Noted> {}

    record ToOpenClass() implements Command<OpenDone> {}

    record ToEnum() implements Command<Verdict> {}

    record ToNested() implements Command<Nested> {}

    record ToHalfOpen() implements Command<HalfOpen> {}

    record ToOnlyGood() implements Command<OnlyGood> {}

    record ToReply() implements Command<Reply> {}

    record ToSuccess() implements Command<Success> {}

    record ToTwins() implements Command<Twins> {}

    @SuppressWarnings("rawtypes")
    record Raw() implements Command {}

    interface Audited<A, T extends Reply> extends Command<T> {}

    abstract static class BankCommand<X extends Reply> implements Audited<String, X> {}

    static final class ThroughHierarchy extends BankCommand<Nested> {}

    record Generic<R extends Success>() implements Command<R> {}

    static List<Arguments> contracts() {
        return List.of(
                Arguments.of(ToRecord.class, List.of(Done.class), true, false),
                Arguments.of(ToRejection.class, List.of(Refused.class), true, true),
                Arguments.of(ToNeither.class, List.of(Noted.class), true, false),
                Arguments.of(ToOpenClass.class, List.of(OpenDone.class), false, false),
                Arguments.of(ToEnum.class, List.of(Verdict.class), true, false),
                Arguments.of(ToNested.class, List.of(InnerDone.class, NestedRefused.class), true, true),
                Arguments.of(ToHalfOpen.class, List.of(HalfOpenDone.class), false, true),
                Arguments.of(ToOnlyGood.class, List.of(Good.class), true, false),
                Arguments.of(ToReply.class, List.of(), false, true),
                Arguments.of(ToSuccess.class, List.of(), false, false),
                Arguments.of(Raw.class, List.of(), false, true),
                Arguments.of(ThroughHierarchy.class, List.of(InnerDone.class, NestedRefused.class), true, true),
                Arguments.of(Generic.class, List.of(), false, false));
    }

    @ParameterizedTest(name = "{0}: replies {1}, closed {2}, can be rejected {3}")
    @MethodSource("contracts")
    void the_contract_lists_what_can_be_answered(
            Class<? extends Command<?>> command, List<Class<?>> replies, boolean closed, boolean canBeRejected) {
        Contract contract = Contract.of(command);

        assertThat(List.<Class<?>>copyOf(contract.replies())).isEqualTo(replies);
        assertThat(contract.isClosed()).isEqualTo(closed);
        assertThat(contract.canBeRejected()).isEqualTo(canBeRejected);
    }

    @Test
    void replies_are_found_by_their_logical_type() {
        assertThat(Contract.of(ToOnlyGood.class).byTypeName("all.good")).isEqualTo(Optional.of(Good.class));
        assertThat(Contract.of(ToNested.class).byTypeName("inner-done")).isEqualTo(Optional.of(InnerDone.class));
        assertThat(Contract.of(ToNested.class).byTypeName("done")).isEmpty();
    }

    @Test
    void a_logical_type_that_two_replies_share_finds_neither() {
        assertThat(Contract.of(ToTwins.class).byTypeName("twin")).isEmpty();
    }

    @Test
    void a_contract_allows_the_types_that_a_reply_can_be_an_instance_of() {
        Contract sealed = Contract.of(ToNested.class);
        assertThat(sealed.allows(InnerDone.class)).isTrue();
        assertThat(sealed.allows(Rejection.class)).isTrue();
        assertThat(sealed.allows(Done.class)).isFalse();
        assertThat(sealed.allows(OnlyGood.class)).isFalse();

        Contract anySuccess = Contract.of(ToSuccess.class);
        assertThat(anySuccess.allows(Done.class)).isTrue();
        assertThat(anySuccess.allows(Refused.class)).isFalse();
        assertThat(anySuccess.allows(Rejection.class)).isFalse();

        Contract halfOpen = Contract.of(ToHalfOpen.class);
        assertThat(halfOpen.allows(Elsewhere.class)).isTrue();
        assertThat(halfOpen.allows(HalfOpenDone.class)).isTrue();
        assertThat(halfOpen.allows(Done.class)).isFalse();
    }
}
