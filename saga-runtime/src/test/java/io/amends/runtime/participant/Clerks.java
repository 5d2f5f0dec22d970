package io.amends.runtime.participant;

import io.amends.saga.Command;
import io.amends.saga.CommandHandler;
import io.amends.saga.Deferred;
import io.amends.saga.Rejection;
import io.amends.saga.Reply;
import io.amends.saga.ReplyToken;
import io.amends.saga.Success;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.springframework.jdbc.core.JdbcOperations;

/** Asks clerks, who take their time: it notes each question as a move of stock, and what answers it. */
final class Clerks {

    record AskApproval(String orderId) implements Command<AskApprovalReply> {}

    sealed interface AskApprovalReply extends Reply {}

    record Approved(String by) implements AskApprovalReply, Success {}

    record Denied(String why) implements AskApprovalReply, Rejection {}

    record WithdrawQuestion(String orderId) implements Command<QuestionWithdrawn> {}

    record QuestionWithdrawn(String how) implements Success {}

    private final JdbcOperations jdbc;
    private final List<String> calls = new CopyOnWriteArrayList<>();
    private final Map<String, ReplyToken> tokens = new ConcurrentHashMap<>();
    private volatile Runnable surprise = () -> {};

    Clerks(JdbcOperations jdbc) {
        this.jdbc = jdbc;
    }

    List<String> calls() {
        return List.copyOf(calls);
    }

    /** What answers the last question or withdrawal of that order. */
    ReplyToken token(String orderId) {
        return Objects.requireNonNull(tokens.get(orderId));
    }

    /** Happens in the handlers, after they have written. */
    void surprise(Runnable what) {
        surprise = what;
    }

    @CommandHandler
    Deferred<AskApprovalReply> ask(AskApproval command, ReplyToken token) {
        note("ask", command.orderId(), -1, token);
        return switch (command.orderId()) {
            case "small" -> Deferred.now(new Approved("nobody"));
            case "forbidden" -> Deferred.now(new Denied("the law"));
            default -> Deferred.later();
        };
    }

    @CommandHandler
    Deferred<QuestionWithdrawn> withdraw(WithdrawQuestion command, ReplyToken token) {
        note("withdraw", command.orderId(), 1, token);
        return command.orderId().startsWith("slow") ? Deferred.later() : Deferred.now(new QuestionWithdrawn("at once"));
    }

    private void note(String what, String orderId, int amount, ReplyToken token) {
        calls.add(what + " " + orderId);
        tokens.put(orderId, token);
        jdbc.update("insert into stock_move (order_id, item, amount) values (?, 'book', ?)", orderId, amount);
        surprise.run();
    }
}
