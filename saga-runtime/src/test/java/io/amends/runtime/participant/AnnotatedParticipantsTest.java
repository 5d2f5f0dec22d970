package io.amends.runtime.participant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.amends.runtime.Orders.CardRefunded;
import io.amends.runtime.Orders.ChargeCard;
import io.amends.runtime.Orders.ChargeCardReply;
import io.amends.runtime.Orders.OutOfStock;
import io.amends.runtime.Orders.RefundCard;
import io.amends.runtime.Orders.ReleaseStock;
import io.amends.runtime.Orders.ReserveStock;
import io.amends.runtime.Orders.ReserveStockReply;
import io.amends.runtime.Orders.StockReleased;
import io.amends.saga.Command;
import io.amends.saga.CommandHandler;
import io.amends.saga.Deferred;
import io.amends.saga.Rejection;
import io.amends.saga.Reply;
import io.amends.saga.ReplyToken;
import io.amends.saga.Success;
import jakarta.transaction.Transactional.TxType;
import java.io.IOException;
import java.lang.reflect.UndeclaredThrowableException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

class AnnotatedParticipantsTest {

    static class Good {
        @CommandHandler
        ReserveStockReply reserve(ReserveStock command) {
            return new OutOfStock(command.amount());
        }

        @CommandHandler
        @Nullable
        StockReleased release(ReleaseStock command) throws IOException {
            if (command.amount() == 0) {
                throw new IOException("no such shelf");
            }
            return null;
        }
    }

    /** As a container makes one. */
    static final class Proxy extends Good {}

    static final class Bad {
        @CommandHandler
        static ReserveStockReply isStatic(ReserveStock command) {
            return new OutOfStock(0);
        }

        @CommandHandler
        ReserveStockReply takesTwo(ReserveStock command, String more) {
            return new OutOfStock(0);
        }

        @CommandHandler
        String answersText(ReserveStock command) {
            return "";
        }

        @CommandHandler
        CardRefunded answersAnotherContract(ReserveStock command) {
            return new CardRefunded();
        }

        @CommandHandler
        Deferred<ChargeCardReply> defersWithoutToken(ChargeCard command) {
            return Deferred.later();
        }

        @CommandHandler
        CardRefunded takesTokenButNeverDefers(RefundCard command, ReplyToken token) {
            return new CardRefunded();
        }

        @CommandHandler
        Deferred<CardRefunded> defersAnotherContract(ChargeCard command, ReplyToken token) {
            return Deferred.later();
        }

        @CommandHandler
        CardRefunded first(RefundCard command) {
            return new CardRefunded();
        }

        @CommandHandler
        CardRefunded second(RefundCard command) {
            return new CardRefunded();
        }
    }

    static final class Idle {}

    @Test
    void handlers_are_found_by_logical_type_and_know_whether_they_may_reject() {
        ParticipantDefinition read = AnnotatedParticipants.read("warehouse", Good.class, new Proxy());
        assertThat(read.handlers()).containsOnlyKeys("reserve-stock", "release-stock");
        assertThat(method(read, "reserve-stock").rejectable()).isTrue();
        assertThat(method(read, "release-stock").rejectable()).isFalse();
        assertThat(answer(method(read, "reserve-stock"), new ReserveStock("o", "book", 7)))
                .isEqualTo(new OutOfStock(7));
    }

    @Test
    void all_problems_of_a_class_are_told_at_once_with_their_methods() {
        assertThatThrownBy(() -> AnnotatedParticipants.read("Ware House", Bad.class, new Bad()))
                .isInstanceOf(InvalidParticipantException.class)
                .hasMessageContaining("9 problem(s)")
                .hasMessageContaining("'Ware House' is not a participant's name")
                .hasMessageContaining("Bad.isStatic: ")
                .hasMessageContaining("Bad.takesTwo: ")
                .hasMessageContaining("Bad.answersText: ")
                .hasMessageContaining("Bad.answersAnotherContract: ")
                .hasMessageContaining("ReserveStockReply")
                .hasMessageContaining("Bad.defersWithoutToken: ")
                .hasMessageContaining("Bad.takesTokenButNeverDefers: ")
                .hasMessageContaining("Bad.defersAnotherContract: it returns CardRefunded")
                .hasMessageContaining("Bad.second: another method handles refund-card too");
    }

    abstract static class Shelves {
        @CommandHandler
        StockReleased release(ReleaseStock command) {
            return new StockReleased(command.amount());
        }

        abstract ReserveStockReply reserve(ReserveStock command);
    }

    static final class Inheriting extends Shelves {
        @Override
        @CommandHandler
        OutOfStock reserve(ReserveStock command) {
            return new OutOfStock(command.amount());
        }
    }

    @Test
    void handlers_are_inherited_and_one_that_narrows_its_answer_is_one() {
        ParticipantDefinition read = AnnotatedParticipants.read("warehouse", Inheriting.class, new Inheriting());
        assertThat(read.handlers()).containsOnlyKeys("reserve-stock", "release-stock");
    }

    /** As a framework of an application has one; the command's type is what its subclasses say. */
    abstract static class Desk<C extends Command<R>, R extends Reply> {
        @CommandHandler
        R on(C command) {
            return answer(command);
        }

        abstract R answer(C command);
    }

    static final class Releasing extends Desk<ReleaseStock, StockReleased> {
        @Override
        StockReleased answer(ReleaseStock command) {
            return new StockReleased(command.amount());
        }
    }

    static final class Overriding extends Desk<ReserveStock, ReserveStockReply> {
        @Override
        @CommandHandler
        ReserveStockReply on(ReserveStock command) {
            return new OutOfStock(command.amount());
        }

        @Override
        ReserveStockReply answer(ReserveStock command) {
            throw new IllegalStateException("overridden");
        }
    }

    static final class Vague<C extends Command<R>, R extends Reply> extends Desk<C, R> {
        @Override
        R answer(C command) {
            throw new IllegalStateException("refused");
        }
    }

    @Test
    void a_handler_of_a_generic_class_takes_the_command_that_its_subclass_says() {
        ParticipantDefinition read = AnnotatedParticipants.read("warehouse", Releasing.class, new Releasing());

        assertThat(read.handlers()).containsOnlyKeys("release-stock");
        assertThat(method(read, "release-stock").commandType()).isEqualTo(ReleaseStock.class);
        assertThat(method(read, "release-stock").rejectable()).isFalse();
        assertThat(answer(method(read, "release-stock"), new ReleaseStock("o", "book", 7)))
                .isEqualTo(new StockReleased(7));
    }

    @Test
    void a_handler_that_overrides_one_of_a_generic_class_is_one() {
        ParticipantDefinition read = AnnotatedParticipants.read("warehouse", Overriding.class, new Overriding());

        assertThat(read.handlers()).containsOnlyKeys("reserve-stock");
        assertThat(answer(method(read, "reserve-stock"), new ReserveStock("o", "book", 7)))
                .isEqualTo(new OutOfStock(7));
    }

    @Test
    void a_handler_whose_command_nobody_says_is_refused() {
        assertThatThrownBy(() -> AnnotatedParticipants.read("warehouse", Vague.class, new Vague<>()))
                .hasMessageContaining("Vague.on: which command it takes is not known. Let it take a command's class");
    }

    @Transactional(propagation = Propagation.NOT_SUPPORTED)
    static final class Apart {
        @CommandHandler
        @Transactional(propagation = Propagation.REQUIRES_NEW)
        ReserveStockReply reserve(ReserveStock command) {
            return new OutOfStock(0);
        }

        @CommandHandler
        StockReleased release(ReleaseStock command) {
            return new StockReleased(0);
        }

        @CommandHandler
        @Transactional
        CardRefunded refund(RefundCard command) {
            return new CardRefunded();
        }
    }

    @jakarta.transaction.Transactional(TxType.NEVER)
    static final class ApartByJta {
        @CommandHandler
        @jakarta.transaction.Transactional(TxType.REQUIRES_NEW)
        ReserveStockReply reserve(ReserveStock command) {
            return new OutOfStock(0);
        }

        @CommandHandler
        StockReleased release(ReleaseStock command) {
            return new StockReleased(0);
        }

        @CommandHandler
        @jakarta.transaction.Transactional
        CardRefunded refund(RefundCard command) {
            return new CardRefunded();
        }
    }

    @Test
    void a_handler_that_leaves_the_transaction_of_its_reply_is_refused() {
        assertThatThrownBy(() -> AnnotatedParticipants.read("warehouse", Apart.class, new Apart()))
                .hasMessageContaining("2 problem(s)")
                .hasMessageContaining("Apart.reserve: @Transactional with REQUIRES_NEW keeps")
                .hasMessageContaining("Apart.release: @Transactional with NOT_SUPPORTED keeps");
        assertThatThrownBy(() -> AnnotatedParticipants.read("warehouse", ApartByJta.class, new ApartByJta()))
                .hasMessageContaining("2 problem(s)")
                .hasMessageContaining("ApartByJta.reserve: @Transactional with REQUIRES_NEW keeps")
                .hasMessageContaining("ApartByJta.release: @Transactional with NEVER keeps");
    }

    record Weigh(String order) implements Command<Weighed> {}

    sealed interface Weighed extends Reply {}

    record Light() implements Weighed, Success {}

    record TooHeavy() implements Weighed {}

    record Ask(String order) implements Command<Both> {}

    record Both() implements Success, Rejection {}

    static final class Undecided {
        @CommandHandler
        Weighed weigh(Weigh command) {
            return new TooHeavy();
        }

        @CommandHandler
        Both ask(Ask command) {
            return new Both();
        }

        @CommandHandler
        Base look(Look command) {
            return new Base();
        }
    }

    record Look(String order) implements Command<Base> {}

    static class Base implements Reply {}

    @Test
    void a_reply_that_does_not_say_whether_it_is_a_yes_or_a_no_is_refused() {
        assertThatThrownBy(() -> AnnotatedParticipants.read("warehouse", Undecided.class, new Undecided()))
                .hasMessageContaining("Undecided.weigh: its reply TooHeavy is neither a Success nor a Rejection.")
                .hasMessageContaining(
                        "Undecided.ask: its reply Both is both a Success and a Rejection. Let it implement Rejection if the answer is no, else Success.\n")
                .hasMessageContaining(
                        "Undecided.look: its reply Base is neither a Success nor a Rejection. Let it implement Rejection if the answer is no, else Success, or make it abstract if only its subclasses are answers.");
    }

    @Test
    void a_wrong_return_type_is_told_with_the_one_that_the_command_asks_for() {
        assertThatThrownBy(() -> AnnotatedParticipants.read("warehouse", WrongAnswers.class, new WrongAnswers()))
                .hasMessage("""
                        Participant %s has 3 problem(s):
                        - WrongAnswers.another: it returns CardRefunded, but the contract of ReserveStock is ReserveStockReply. Let it return that, or declare another one for the command.
                        - WrongAnswers.text: a @CommandHandler method returns a reply, not String. Let it return ChargeCardReply, as ChargeCard says.
                        - WrongAnswers.nothing: a @CommandHandler method returns a reply, not void. Let it return StockReleased, as ReleaseStock says.\
                        """, WrongAnswers.class.getName());
    }

    static final class WrongAnswers {
        @CommandHandler
        CardRefunded another(ReserveStock command) {
            return new CardRefunded();
        }

        @CommandHandler
        String text(ChargeCard command) {
            return "";
        }

        @CommandHandler
        void nothing(ReleaseStock command) {}
    }

    @Test
    void a_class_without_a_handler_is_refused() {
        assertThatThrownBy(() -> AnnotatedParticipants.read("warehouse", Idle.class, new Idle()))
                .isInstanceOf(InvalidParticipantException.class)
                .hasMessageContaining("no @CommandHandler");
    }

    @Test
    void a_handler_that_answers_null_or_throws_a_checked_exception_has_thrown() {
        CommandMethod release =
                method(AnnotatedParticipants.read("warehouse", Good.class, new Good()), "release-stock");
        assertThatThrownBy(() -> answer(release, new ReleaseStock("o", "book", 1)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("returned null");
        assertThatThrownBy(() -> answer(release, new ReleaseStock("o", "book", 0)))
                .isInstanceOf(UndeclaredThrowableException.class)
                .hasCauseInstanceOf(IOException.class);
    }

    @Test
    void an_answer_that_is_not_in_the_contract_is_named_and_no_attempt_mends_it() {
        CommandMethod release =
                method(AnnotatedParticipants.read("warehouse", Wide.class, new Wide()), "release-stock");

        assertThatThrownBy(() -> answer(release, new ReleaseStock("o", "book", 1)))
                .hasMessage(
                        "Wide.release(ReleaseStock) answered with OutOfStock, but may only answer with StockReleased")
                .satisfies(thrown -> assertThat(release.permanent()).accepts(thrown));
    }

    static final class Wide {
        @CommandHandler
        Reply release(ReleaseStock command) {
            return new OutOfStock(1);
        }
    }

    private static Reply answer(CommandMethod method, Command<?> command) {
        return method.handler()
                .handle(command, () -> ReplyToken.of("t"))
                .reply()
                .orElseThrow();
    }

    private static CommandMethod method(ParticipantDefinition definition, String type) {
        CommandMethod method = definition.handlers().get(type);
        assertThat(method).isNotNull();
        return method;
    }
}
