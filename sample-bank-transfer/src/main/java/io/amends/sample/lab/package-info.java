/** The failure lab: the sample with something broken on purpose, and what is seen of it. */
@NullMarked
package io.amends.sample.lab;

import org.jspecify.annotations.NullMarked;
