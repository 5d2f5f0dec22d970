/** Messages that were set aside because nobody could take them. */
@NullMarked
package io.amends.dashboard.messages;

import org.jspecify.annotations.NullMarked;
