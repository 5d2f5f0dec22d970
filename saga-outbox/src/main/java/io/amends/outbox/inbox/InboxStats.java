package io.amends.outbox.inbox;

/**
 * What a consumer has done in this process since it was made.
 *
 * @param handled messages whose effect has committed
 * @param duplicates messages that were left out because they had been taken before
 * @param pollsRolledBack polls that were rolled back because of one of their messages, and taken message by message
 * @param retried attempts after the first that failed
 * @param parked messages that were set aside for an operator, without those that wait behind them
 * @param fenced polls that were refused because another consumer had moved the partition on
 */
public record InboxStats(long handled, long duplicates, long pollsRolledBack, long retried, long parked, long fenced) {}
