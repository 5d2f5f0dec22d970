/** What operators did, and what came of it: lines that are never changed, to be searched, exported and heard of. */
@NullMarked
package io.amends.dashboard.audit;

import org.jspecify.annotations.NullMarked;
