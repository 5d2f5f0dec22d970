package io.amends.twopc;

import java.time.Duration;

/**
 * How long things may take, and how many may run.
 *
 * @param workTimeout the caller's work, in each attempt; the databases' statement_timeout is what is left of it, waits for locks included
 * @param prepareTimeout one branch's vote
 * @param decisionTimeout writing the decision, and again finding out what counts if the answer is lost
 * @param commitTimeout telling one branch the decision; what takes longer is left to recovery
 * @param attempts how often work that loses a deadlock or a serialisation conflict runs at most
 * @param backoff the first pause before it runs again, on average half of it; doubles each time
 * @param retention how long decisions are kept once they are carried out: a standby that is promoted can bring a prepared
 *     branch back that long ago
 * @param recoverEvery how often recovery looks
 * @param takeOverAfter how old a prepared branch of another coordinator must be before recovery aborts its transaction, if
 *     nothing is decided
 * @param concurrency how many transactions run at once; others wait, no longer than workTimeout. At most the smallest pool
 *     of a participant, else transactions may wait for each other's connections
 */
public record TwoPhaseSettings(
        Duration workTimeout,
        Duration prepareTimeout,
        Duration decisionTimeout,
        Duration commitTimeout,
        int attempts,
        Duration backoff,
        Duration retention,
        Duration recoverEvery,
        Duration takeOverAfter,
        int concurrency) {

    /** For most services; a pool of at least 16 connections for each participant. */
    public static final TwoPhaseSettings DEFAULT = new TwoPhaseSettings(
            Duration.ofSeconds(30),
            Duration.ofSeconds(10),
            Duration.ofSeconds(5),
            Duration.ofSeconds(10),
            3,
            Duration.ofMillis(20),
            Duration.ofDays(7),
            Duration.ofSeconds(10),
            Duration.ofSeconds(60),
            16);

    public TwoPhaseSettings {
        if (isShort(workTimeout)
                || isShort(prepareTimeout)
                || isShort(decisionTimeout)
                || isShort(commitTimeout)
                || attempts < 1
                || backoff.isNegative()
                || retention.isNegative()
                || isShort(recoverEvery)
                || takeOverAfter.isNegative()
                || concurrency < 1) {
            throw new IllegalArgumentException(
                    "Two-phase commit needs timeouts and recover-every of at least 1 ms, attempts and concurrency of at least 1, and no negative time; got work %s, prepare %s, decision %s, commit %s, attempts %d, backoff %s, retention %s, recover-every %s, take-over-after %s, concurrency %d."
                            .formatted(
                                    workTimeout,
                                    prepareTimeout,
                                    decisionTimeout,
                                    commitTimeout,
                                    attempts,
                                    backoff,
                                    retention,
                                    recoverEvery,
                                    takeOverAfter,
                                    concurrency));
        }
    }

    private static boolean isShort(Duration time) {
        return time.toMillis() < 1;
    }
}
