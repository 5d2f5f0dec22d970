/** Finding sagas by one line of text, which links and bulk runs can carry. */
@NullMarked
package io.amends.dashboard.search;

import org.jspecify.annotations.NullMarked;
