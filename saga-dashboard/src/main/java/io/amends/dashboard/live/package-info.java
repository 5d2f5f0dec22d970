/** What changes while somebody looks: events for open pages, and figures of the last hours for charts. */
@NullMarked
package io.amends.dashboard.live;

import org.jspecify.annotations.NullMarked;
