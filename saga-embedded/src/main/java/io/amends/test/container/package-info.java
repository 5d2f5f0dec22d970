/** Whether tests get their servers from containers. */
@NullMarked
package io.amends.test.container;

import org.jspecify.annotations.NullMarked;
