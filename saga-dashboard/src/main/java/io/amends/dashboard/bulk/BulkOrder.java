package io.amends.dashboard.bulk;

import io.amends.dashboard.audit.Operator;
import io.amends.dashboard.language.NotTakenException;
import io.amends.dashboard.language.Sentence;
import io.amends.dashboard.search.SagaFilter;
import io.amends.dashboard.verbs.ConsoleVerb;
import java.time.Duration;
import java.util.List;

/**
 * What an operator orders of many sagas.
 *
 * @param verb what
 * @param filter of which sagas; those that have ended are left out
 * @param operator who
 * @param reason why
 * @param ramp how many are done by the end of each stage, ascending; after the last stage all. After each stage what came of
 *     it is waited for
 * @param perSecond how many are ordered in a second at most
 * @param stopRatio the run stops when a greater part than that failed again, had no effect, threw or was refused; from 0 to 1
 * @param most how many sagas it takes at most
 * @param patience how long what came of one is waited for at most
 */
public record BulkOrder(
        ConsoleVerb verb,
        SagaFilter filter,
        Operator operator,
        String reason,
        List<Integer> ramp,
        double perSecond,
        double stopRatio,
        int most,
        Duration patience) {

    /** The greatest number of sagas of one run. */
    public static final int LIMIT = 100_000;

    private static final List<Integer> RAMP = List.of(1, 10, 100);

    public BulkOrder {
        ramp = List.copyOf(ramp);
        if (verb instanceof ConsoleVerb.EditAndRetry) {
            throw new NotTakenException(Sentence.of("Data is edited of one saga at a time, not of many."));
        }
        if (reason.isBlank()) {
            throw new NotTakenException(Sentence.of("An order says why: give a reason."));
        }
        if (!(perSecond > 0) || perSecond > 1000 || !(stopRatio >= 0 && stopRatio <= 1)) {
            throw new NotTakenException(Sentence.of(
                    "A run orders more than 0 and at most 1000 in a second, and stops at a ratio from 0 to 1; got %s and %s.",
                    perSecond, stopRatio));
        }
        if (most < 1 || most > LIMIT) {
            throw new NotTakenException(Sentence.of("A run takes 1 to %d sagas, not %d.", LIMIT, most));
        }
        if (patience.isNegative() || patience.isZero()) {
            throw new IllegalArgumentException("What came of an order takes a while to show; got " + patience + ".");
        }
        for (int i = 0; i < ramp.size(); i++) {
            if (ramp.get(i) <= (i == 0 ? 0 : ramp.get(i - 1))) {
                throw new NotTakenException(Sentence.of(
                        "The stages of a ramp are how many are done by then, each more than the one before; got %s.",
                        ramp));
            }
        }
    }

    /** With stages of 1, 10 and 100, ten in a second, stopped by one failure in five, for at most 10,000 sagas. */
    public static BulkOrder of(ConsoleVerb verb, SagaFilter filter, Operator operator, String reason) {
        return new BulkOrder(verb, filter, operator, reason, RAMP, 10, 0.2, 10_000, Duration.ofMinutes(5));
    }
}
