package io.amends.dashboard.views;

import java.time.Instant;
import java.util.UUID;

/**
 * A search under a name.
 *
 * @param id its id
 * @param revision grows with each change
 * @param name what it is called
 * @param filter what is searched for, as a {@link io.amends.dashboard.search.SagaFilter} writes it
 * @param owner who saved it
 * @param shared whether all see it, or its owner alone; that never changes
 * @param changedBy who changed it last
 * @param changedAt when
 */
public record SavedView(
        UUID id,
        long revision,
        String name,
        String filter,
        String owner,
        boolean shared,
        String changedBy,
        Instant changedAt) {}
