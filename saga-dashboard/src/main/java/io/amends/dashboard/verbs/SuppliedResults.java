package io.amends.dashboard.verbs;

import io.amends.dashboard.language.Sentence;
import io.amends.runtime.wire.PayloadCodec;
import io.amends.runtime.wire.PayloadException;
import io.amends.saga.MessageTypes;
import io.amends.saga.Reply;
import io.amends.saga.definition.Contract;
import io.amends.saga.definition.SagaRegistry;
import io.amends.saga.definition.StepAction;
import io.amends.saga.definition.StepDefinition;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads the result that an operator gives in place of a participant. Its type is one that the step's contract names; no
 * class is ever loaded by a name that somebody typed. Safe for use by many threads.
 */
final class SuppliedResults {

    private final SagaRegistry registry;
    private final PayloadCodec codec;

    SuppliedResults(SagaRegistry registry, PayloadCodec codec) {
        this.registry = registry;
        this.codec = codec;
    }

    /** The result, or in words why it is none. One of both is null. */
    record Read(@Nullable Reply result, @Nullable Sentence trouble) {}

    Read read(ConsoleVerb.Skip skip, Standing saga) {
        String type = skip.resultType();
        String text = skip.result();
        Optional<StepDefinition> step =
                registry.find(saga.name(), saga.version()).flatMap(definition -> definition.step(skip.step()));
        // Without a result there is nothing to read, and what is unknown is the engine's to refuse.
        if (type == null || text == null || step.isEmpty()) {
            return new Read(null, null);
        }
        Contract contract = contract(step.get().action());
        List<String> known = contract == null
                ? List.of()
                : contract.replies().stream().map(MessageTypes::nameOf).toList();
        Optional<Class<? extends Reply>> found = contract == null ? Optional.empty() : contract.byTypeName(type);
        if (found.isEmpty()) {
            return new Read(
                    null,
                    Refusals.resultNotTaken(skip.step(), known, Sentence.of("'%s' is none of its results", type)));
        }
        try {
            return new Read(codec.decode(text.getBytes(StandardCharsets.UTF_8), found.get()), null);
        } catch (PayloadException unreadable) {
            return new Read(
                    null, Refusals.resultNotTaken(skip.step(), known, Sentence.verbatim(unreadable.getMessage())));
        }
    }

    private static @Nullable Contract contract(StepAction action) {
        if (action instanceof StepAction.Remote remote && remote.commandType() != null) {
            return Contract.of(remote.commandType());
        }
        return action instanceof StepAction.Await await ? Contract.ofReply(await.replyType()) : null;
    }
}
