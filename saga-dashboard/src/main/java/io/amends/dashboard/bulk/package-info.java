/** One verb over all sagas of a filter: looked at first, ramped up, stopped when it does harm, taken over when a process dies. */
@NullMarked
package io.amends.dashboard.bulk;

import org.jspecify.annotations.NullMarked;
