package io.amends.runtime.orchestrator;

import io.amends.runtime.store.WaitingReplies;
import io.amends.runtime.store.WaitingReplies.Waiting;
import io.amends.runtime.wire.RecordProcessor;
import io.amends.runtime.wire.SagaMessage;
import io.amends.saga.definition.SagaRegistry;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Replies to instances of a version that this process does not have, as happens while a new version is rolled out or an
 * old one was taken away too early. They are put aside, their instances are shown as stuck, and a process that has the
 * version takes them from there. Safe for use by many threads.
 */
final class HandOver {

    private static final Logger log = LoggerFactory.getLogger(HandOver.class);
    private static final int CHUNK = 100;

    private final WaitingReplies waiting;
    private final SagaRegistry registry;
    private final TransactionTemplate transaction;

    HandOver(WaitingReplies waiting, SagaRegistry registry, PlatformTransactionManager transactions) {
        this.waiting = waiting;
        this.registry = registry;
        this.transaction = new TransactionTemplate(transactions);
    }

    /** Puts the replies aside, in the caller's transaction. */
    void keep(List<SagaMessage> replies) {
        if (replies.isEmpty()) {
            return;
        }
        waiting.keep(replies);
        log.warn(
                "{} replies are for versions of sagas that this process does not have, such as '{}' version {}; they wait for one that has",
                replies.size(),
                replies.get(0).sagaName(),
                replies.get(0).sagaVersion());
    }

    /**
     * Hands over the replies to instances of versions that this process has, oldest first. They are deleted afterwards: a
     * crash in between hands them over again, which the instances recognise.
     */
    void takeUp(RecordProcessor processor) {
        List<Waiting> found;
        do {
            found = transaction.execute(status -> waiting.find(registry.all(), CHUNK));
            if (!found.isEmpty()) {
                List<Waiting> done = found;
                processor.process(done.stream().map(Waiting::record).toList());
                transaction.executeWithoutResult(status -> waiting.delete(done));
                log.info("{} replies that had waited for their saga's version were processed", done.size());
            }
        } while (found.size() == CHUNK);
    }
}
