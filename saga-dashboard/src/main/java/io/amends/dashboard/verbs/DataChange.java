package io.amends.dashboard.verbs;

import org.jspecify.annotations.Nullable;

/**
 * What an edit changes at one place of the data; masked pieces are shown as such.
 *
 * @param at the place, as a JSON pointer (RFC 6901)
 * @param before what is there, as JSON; null for nothing
 * @param after what will be there, as JSON; null for nothing
 */
public record DataChange(
        String at, @Nullable String before, @Nullable String after) {}
