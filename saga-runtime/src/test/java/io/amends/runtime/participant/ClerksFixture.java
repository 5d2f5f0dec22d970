package io.amends.runtime.participant;

import static org.assertj.core.api.Assertions.assertThat;

import io.amends.runtime.DeferredReplies;
import io.amends.runtime.Sent;
import io.amends.runtime.participant.Clerks.AskApproval;
import io.amends.runtime.participant.Clerks.WithdrawQuestion;
import io.amends.runtime.wire.InboundRecord;
import io.amends.saga.Reply;
import io.amends.saga.engine.CommandKind;
import java.util.List;
import java.util.UUID;

/** Clerks who are asked for approval and answer some day, or withdraw the question. */
abstract class ClerksFixture extends WarehouseFixture {

    final Clerks clerks = new Clerks(bench.jdbc);
    final Participant office = bench.participant("clerks", clerks, AT_ONCE);
    final DeferredReplies replies = bench.deferredReplies(office);

    void assertSent(String... starts) {
        List<String> sent = bench.watch.sentWithout("stock_move");
        assertThat(sent).hasSameSizeAs(starts);
        for (int i = 0; i < starts.length; i++) {
            assertThat(sent.get(i)).startsWith(starts[i]);
        }
    }

    void ask(UUID saga, String order) {
        office.process(List.of(command(saga, order)));
    }

    void withdraw(UUID saga, String order) {
        office.process(List.of(withdrawal(saga, order)));
    }

    InboundRecord command(UUID saga, String order) {
        return bench.command("clerks", saga, "approve", CommandKind.ACTION, new AskApproval(order));
    }

    InboundRecord withdrawal(UUID saga, String order) {
        return bench.command("clerks", saga, "approve", CommandKind.COMPENSATION, new WithdrawQuestion(order));
    }

    DeferredReplies.Result complete(String order, Reply reply) {
        return replies.complete(clerks.token(order), reply);
    }

    Sent onlySent() {
        assertThat(bench.sent()).hasSize(1);
        return bench.sent().get(0);
    }
}
