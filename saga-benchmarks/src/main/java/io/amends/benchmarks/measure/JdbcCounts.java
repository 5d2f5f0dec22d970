package io.amends.benchmarks.measure;

import java.util.concurrent.atomic.LongAdder;

/** How many statements and transactions this process has sent to databases. Safe for use by many threads. */
public final class JdbcCounts {

    private final LongAdder statements = new LongAdder();
    private final LongAdder commits = new LongAdder();

    void executed(long count, boolean inTransactionsOfTheirOwn) {
        statements.add(count);
        if (inTransactionsOfTheirOwn) {
            commits.add(count);
        }
    }

    void committed() {
        commits.increment();
    }

    /** Statements that were executed, those of savepoints included, without BEGIN and COMMIT. */
    public long statements() {
        return statements.sum();
    }

    /** Transactions that came to their end, those of a lone statement included; only reading ones too. */
    public long commits() {
        return commits.sum();
    }
}
