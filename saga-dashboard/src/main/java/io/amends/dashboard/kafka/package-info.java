/** How far consumers are behind what was published to them. */
@NullMarked
package io.amends.dashboard.kafka;

import org.jspecify.annotations.NullMarked;
