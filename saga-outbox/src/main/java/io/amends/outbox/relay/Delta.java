package io.amends.outbox.relay;

import java.util.List;

/**
 * What one look found.
 *
 * @param seen the snapshot that it was taken in, or up to which it was asked for
 * @param rows ascending by position
 * @param parked of each row, whether its key is parked
 * @param found how many rows there are within the limit, more than {@code rows} if they were too large for one chunk
 */
record Delta(String seen, List<OutboxRow> rows, List<Boolean> parked, long found) {}
