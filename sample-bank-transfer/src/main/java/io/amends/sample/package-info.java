/** The two-bank transfer: one jar, three roles. */
@NullMarked
package io.amends.sample;

import org.jspecify.annotations.NullMarked;
